/** A conversation as it is put together from what streams in. Pure. */

export interface ToolCall {
  readonly name: string
  /** JSON text, as far as it has come. */
  readonly arguments: string
}

export interface Answer {
  readonly text: string
  readonly reasoning: string
  readonly toolCalls: readonly ToolCall[]
  readonly state: 'waiting' | 'streaming' | 'done' | 'stopped' | 'failed'
  /** In the gateway's words. */
  readonly problem: string | undefined
  readonly finish: string | undefined
  readonly promptTokens: number | undefined
  readonly tokens: number | undefined
  /** Ms since the question was sent. */
  readonly firstTokenMs: number | undefined
  readonly totalMs: number | undefined
}

export interface Turn {
  readonly question: string
  /** Data URLs. */
  readonly images: readonly string[]
  readonly answer: Answer
}

export const noAnswer: Answer = {
  text: '',
  reasoning: '',
  toolCalls: [],
  state: 'waiting',
  problem: undefined,
  finish: undefined,
  promptTokens: undefined,
  tokens: undefined,
  firstTokenMs: undefined,
  totalMs: undefined,
}

/** A chunk of `/v1/chat/completions`, as far as it is read here. */
export interface Chunk {
  readonly choices?: readonly {
    readonly finish_reason?: string | null
    readonly delta?: {
      readonly content?: string | null
      readonly reasoning_content?: string
      readonly tool_calls?: readonly {
        readonly index: number
        readonly function?: { readonly name?: string; readonly arguments?: string }
      }[]
    }
  }[]
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null
  readonly error?: { readonly message: string }
}

/** `atMs`: since the question was sent. */
export function take(answer: Answer, { choices, usage, error }: Chunk, atMs: number): Answer {
  const [choice] = choices ?? []
  const { content, reasoning_content: reasoning, tool_calls: calls = [] } = choice?.delta ?? {}
  const said = (content ?? '') !== '' || (reasoning ?? '') !== '' || calls.length > 0
  return {
    ...answer,
    text: answer.text + (content ?? ''),
    reasoning: answer.reasoning + (reasoning ?? ''),
    toolCalls: calls.reduce(grow, answer.toolCalls),
    state: said ? 'streaming' : answer.state,
    problem: error?.message ?? answer.problem,
    finish: choice?.finish_reason ?? answer.finish,
    promptTokens: usage?.prompt_tokens ?? answer.promptTokens,
    tokens: usage?.completion_tokens ?? answer.tokens,
    firstTokenMs: answer.firstTokenMs ?? (said ? atMs : undefined),
  }
}

type CallPart = { readonly index: number; readonly function?: { readonly name?: string; readonly arguments?: string } }

function grow(calls: readonly ToolCall[], { index, function: part }: CallPart): readonly ToolCall[] {
  const before = calls[index] ?? { name: '', arguments: '' }
  const after = { name: before.name + (part?.name ?? ''), arguments: before.arguments + (part?.arguments ?? '') }
  return calls.toSpliced(index, 1, after)
}

export function end(answer: Answer, state: 'done' | 'stopped', atMs: number): Answer {
  return { ...answer, state: answer.problem === undefined ? state : 'failed', totalMs: atMs }
}

export function fail(answer: Answer, problem: string, atMs: number): Answer {
  return { ...answer, state: 'failed', problem, totalMs: atMs }
}

/** Over the time after the first token; undefined where that cannot be told. */
export function tokensPerSecond({ tokens, firstTokenMs, totalMs }: Answer): number | undefined {
  if (tokens === undefined || tokens < 2 || firstTokenMs === undefined || totalMs === undefined) return undefined
  return totalMs > firstTokenMs ? ((tokens - 1) * 1000) / (totalMs - firstTokenMs) : undefined
}
