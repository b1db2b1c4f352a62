/** The doors to the models: who is asking is settled here; the rest is the proxy's, in node's own request and answer. */
import type { IncomingMessage } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import { GatewayError } from '../../errors.ts'
import type { Endpoint, Exchange } from '../../proxy/proxy.ts'
import { chatCompletion, completion } from '../../wire/openai.ts'
import { answer, createDoors, jsonContent, refusal, toKeys } from '../door.ts'
import type { DoorEnv, House } from '../door.ts'
import { describedRequest } from './described-request.ts'

export const inference = createDoors()

const doors = [
  { path: '/chat/completions', endpoint: 'chat', schema: chatCompletion, summary: 'Answer a conversation' },
  { path: '/completions', endpoint: 'completion', schema: completion, summary: 'Continue a text' },
] as const

for (const { path, endpoint, schema, summary } of doors) {
  inference.openAPIRegistry.registerPath({
    method: 'post',
    path,
    tags: ['inference'],
    summary,
    security: toKeys,
    // described only: the proxy reads the body itself
    request: { body: { required: true, content: jsonContent(describedRequest[endpoint]) } },
    responses: {
      200: answer('The answer; with `stream: true` server-sent events that end with `data: [DONE]`', schema),
      default: refusal,
    },
  })
  inference.post(path, (c) => serve(c, endpoint))
  inference.all(path, (c) => {
    c.env.raw?.outgoing.setHeader('allow', 'POST')
    throw new GatewayError('method_not_allowed', `Use POST here, not ${c.req.method}.`)
  })
}

async function serve({ env }: Context<DoorEnv>, endpoint: Endpoint): Promise<Response> {
  const { house, raw, requestId } = env
  if (raw === undefined) throw new GatewayError('not_found', 'Models are asked over HTTP only.')
  await ask(house, { ...raw, endpoint, requestId })
  return RESPONSE_ALREADY_SENT
}

const endpoints: ReadonlyMap<string | undefined, Endpoint> = new Map(
  doors.map(({ path, endpoint }) => [`/v1${path}`, endpoint]),
)

/** What a request asks for that names one of these doors and nothing else: hono need not look at it, which costs more than the key check. */
export function endpointOf({ method, url }: IncomingMessage): Endpoint | undefined {
  return method === 'POST' ? endpoints.get(url) : undefined
}

/** Throws GatewayError for whom the door is closed. */
export async function ask(house: House, asked: Omit<Exchange, 'identity'>): Promise<void> {
  const identity = house.access.authenticate(asked.incoming.headers, 'inference')
  await house.proxy.serve({ ...asked, identity })
}
