/** Asking the admin API, and reading what it answers. */
import { GatewayError, messageOf } from '../errors.ts'
import { isObject, parseObject } from '../wire/json.ts'

const name = /^[A-Za-z0-9_][A-Za-z0-9._:-]{0,95}(?:\/[A-Za-z0-9_][A-Za-z0-9._:-]{0,95})?$/

/** Names in a path: `hc` leaves the slash of `owner/name` as it is. Throws GatewayError `not_found` for what nothing can be called. */
export function inPath<Param extends Record<string, string>>(param: Param): { [Name in keyof Param]: string } {
  for (const value of Object.values(param)) {
    const shown = JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
    if (!name.test(value)) throw new GatewayError('not_found', `Nothing is called ${shown} here.`)
  }
  return Object.fromEntries(Object.entries(param).map(([key, value]) => [key, encodeURIComponent(value)])) as {
    [Name in keyof Param]: string
  }
}

interface Answer {
  readonly ok: boolean
  readonly status: number
  json(): Promise<unknown>
  text(): Promise<string>
}

/** What an answer holds where it is no refusal. */
type Held<A> = A extends { json(): Promise<infer Body> } ? (Body extends { error: unknown } ? never : Body) : never

/** The body of an answer; throws GatewayError with the gateway's own words where it refused. */
export async function read<A extends Answer>(request: Promise<A>): Promise<Held<A>> {
  const answer = await request
  if (answer.ok) return (await answer.json()) as Held<A>
  throw refusal(answer.status, await answer.text())
}

export function refusal(status: number, text: string): GatewayError {
  const error = parseObject(text)?.['error']
  const message = isObject(error) ? error['message'] : undefined
  if (status === 401) {
    const changed =
      'The gateway does not know the admin token of this data directory: the file was changed while it ran.'
    return new GatewayError('invalid_api_key', `${changed} Restart the gateway.`)
  }
  return new GatewayError('invalid_request', typeof message === 'string' ? message : `The gateway answered ${status}.`)
}

/** Calls `event` for each server-sent event of an answer, until it ends or `event` says false. Rejects with the signal's reason. */
export async function eachEvent(
  answer: Response,
  event: (name: string, data: unknown) => unknown,
  signal?: AbortSignal,
): Promise<void> {
  if (!answer.ok || answer.body === null) throw refusal(answer.status, await answer.text())
  let rest = ''
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream(), signal && { signal })) {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) if (tell(block, event) === false) return
  }
}

function tell(block: string, event: (name: string, data: unknown) => unknown): unknown {
  const fields = block
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])
  const value = (name: string) =>
    fields
      .filter(([field]) => field === name)
      .map(([, text]) => text)
      .join('\n')
  const data = value('data')
  return data === '' ? undefined : event(value('event'), parsed(data))
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch (error) {
    throw new GatewayError('internal_error', `The gateway sent an event that cannot be read: ${messageOf(error)}`)
  }
}
