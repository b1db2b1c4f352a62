/** Trying a profile: loads it, asks it one question as a client would, and says how that went. */
import { randomBytes } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import { GatewayError } from '../../errors.ts'
import type { ListedModel } from '../../router/router.ts'
import { Speeds, type GatewayEvent } from '../../telemetry/telemetry.ts'
import { untilLeft } from '../asker.ts'
import { answer, createDoors, refusal } from '../door.ts'
import type { House } from '../door.ts'
import { askWithin, type Inquiry } from '../within.ts'
import { listedProfile } from './unknown-profile.ts'

const ms = z.int().describe('ms')
const tried = z
  .object({
    requestId: z.string().describe('by which the history knows it'),
    queueMs: ms.describe('ms that it waited for others'),
    loadMs: ms.describe('ms that it waited for the load; 0 where it was loaded'),
    firstTokenMs: ms.describe('ms from then until the answer began'),
    tokensPerSecond: z.number().nullable().describe('after the first; null for an answer that is too short to tell'),
    tokens: z.int().nullable(),
    memoryBytes: z.int().nullable().describe('what its server holds now; null where the system does not tell'),
    question: z.string(),
    answer: z.string(),
  })
  .openapi('TriedProfile')

const test = createRoute({
  method: 'post',
  path: '/profiles/{name}/test',
  tags: ['profiles'],
  summary: 'Load a profile and ask it one question; waits its turn like any request, and ends where the caller leaves',
  request: { params: z.object({ name: z.string().describe('percent-encoded where it has a slash') }) },
  responses: { 200: answer('How that went', tried), default: refusal },
})

export const profileTest = createDoors().openapi(test, async (c) => {
  const { house } = c.env
  const { id, capabilities } = listedProfile(c.req.valid('param').name, house)
  const requestId = `test_${randomBytes(9).toString('hex')}`
  const { question, ...asked } = questionFor(id, capabilities)
  const inquiry = { ...asked, requestId, identity: c.var.identity }
  const { said, record } = await recorded(inquiry, house, untilLeft(c.req.raw, house.closing))
  const { queueMs, loadMs, prefillMs, completionTokens: tokens } = record
  const speeds = new Speeds()
  speeds.add(record)
  const { tokensPerSecond } = speeds.of(id)
  return c.json(
    {
      requestId,
      queueMs,
      loadMs,
      firstTokenMs: prefillMs,
      tokensPerSecond: tokensPerSecond === undefined ? null : Math.round(tokensPerSecond * 10) / 10,
      tokens,
      memoryBytes: await heldBy(id, house),
      question,
      answer: textOf(said),
    },
    200,
  )
})

const answered = z.object({
  choices: z.array(
    z.object({
      text: z.string().optional(),
      message: z.object({ content: z.string().nullish(), reasoning: z.string().nullish() }).optional(),
    }),
  ),
})

/** A model that thinks first may get no further within so few tokens. */
function textOf(said: unknown): string {
  const [choice] = answered.parse(said).choices
  return choice?.text ?? (choice?.message?.content || (choice?.message?.reasoning ?? ''))
}

/** Enough to tell how fast it writes. */
const mostTokens = 64

/** 1. A conversation. 2. What cannot chat continues a text. 3. What does neither cannot be asked. */
function questionFor(
  model: string,
  capabilities: ListedModel['capabilities'],
): Pick<Inquiry, 'endpoint' | 'body'> & { readonly question: string } {
  if (capabilities.includes('chat')) {
    const question = 'What is the capital of France? Answer in one sentence.'
    const messages = [{ role: 'user', content: question }]
    return { question, endpoint: 'chat', body: { model, messages, max_tokens: mostTokens } } // 1
  }
  if (capabilities.includes('completion')) {
    const question = 'The capital of France is'
    return { question, endpoint: 'completion', body: { model, prompt: question, max_tokens: mostTokens } } // 2
  }
  throw new GatewayError('invalid_request', `"${model}" answers no questions: its model writes no text.`) // 3
}

type Ended = Extract<GatewayEvent, { type: 'request.ended' }>

/** The answer, and what is written down of the request. */
async function recorded(
  inquiry: Inquiry,
  house: House,
  signal: AbortSignal,
): Promise<{ readonly said: unknown; readonly record: Ended['record'] }> {
  let record: Ended['record'] | undefined
  const end = house.telemetry.listen((event) => {
    if (event.type === 'request.ended' && event.record.id === inquiry.requestId) ({ record } = event)
  })
  try {
    const said = await askWithin(house, inquiry, signal)
    if (record === undefined) throw new Error(`request ${inquiry.requestId} was answered but did not end`)
    return { said, record }
  } finally {
    end()
  }
}

async function heldBy(profile: string, { supervisor, host }: House): Promise<number | null> {
  const state = supervisor.servers().find((server) => server.profile === profile)?.state
  return state?.kind === 'ready' ? ((await host.groupFootprint(state.pid)) ?? null) : null
}
