/** One choice in the making: stop sequences are matched, a backend's slips repaired. No I/O. */
import type { Delta } from '../wire/chat-shape.ts'
import type { FinishReason, Generated } from '../wire/generation.ts'
import { StopMatcher } from '../wire/stop.ts'

/** Feeds on what a backend generates and gives what the client is to see. */
export class ChoiceFilter {
  readonly #stops: StopMatcher | undefined
  readonly #calls = new Map<number, { hasArguments: boolean }>()
  #finish: FinishReason | undefined
  #stopped = false
  /** Blank text that may turn out to be a tool call's. */
  #blank = ''
  #inText = false

  constructor(stops: readonly string[]) {
    this.#stops = stops.length === 0 ? undefined : new StopMatcher(stops)
  }

  /** True where nothing has to look at the text. */
  get transparent(): boolean {
    return this.#stops === undefined && this.#finish === undefined && this.#inText
  }

  /** A stop sequence was met: the backend may go no further. */
  get stopped(): boolean {
    return this.#stopped
  }

  get finish(): FinishReason | undefined {
    return this.#finish
  }

  /** Numbered as the body below:
   *  1. After a stop sequence or a finish nothing counts.
   *  2. Blank text before or between tool calls is the template's, not the model's: it waits for what follows.
   *  3. Log probabilities of tokens that a stop sequence cut go with them: all of them, where one was met. */
  take(said: Generated): Delta | undefined {
    if (this.#stopped || this.#finish !== undefined) return undefined // 1
    const text = this.#match(this.#withoutStrayBlanks(said)) // 2
    for (const call of said.toolCalls) {
      const known = this.#calls.get(call.index)
      this.#calls.set(call.index, { hasArguments: call.arguments !== '' || known?.hasArguments === true })
    }
    this.#finish = this.#stopped ? 'stop' : said.finish
    const logprobs = this.#stopped ? undefined : said.logprobs // 3
    if (text === '' && said.reasoning === '' && said.toolCalls.length === 0 && logprobs === undefined) return undefined
    return {
      ...(text !== '' && { text }),
      ...(said.reasoning !== '' && { reasoning: said.reasoning }),
      ...(said.toolCalls.length > 0 && { toolCalls: said.toolCalls }),
      ...(logprobs !== undefined && { logprobs }),
    }
  }

  /** What is still to be said at the end, with the reason for it. A call without arguments gets an empty object (clients drop `""`), and
   *  a finish for tool calls where none came, as mlx_lm.server says after a call it could not parse, becomes a plain stop: agents would loop. */
  close(): Delta & { readonly finish: FinishReason } {
    const blank = this.#calls.size > 0 ? '' : this.#match(this.#blank)
    const text = this.#stopped ? blank : blank + (this.#stops?.flush() ?? '')
    const empty = [...this.#calls].filter(([, call]) => !call.hasArguments)
    return {
      ...(text !== '' && { text }),
      ...(empty.length > 0 && {
        toolCalls: empty.map(([index]) => ({ index, id: undefined, name: undefined, arguments: '{}' })),
      }),
      finish: repaired(this.#finish ?? 'stop', this.#calls.size > 0),
    }
  }

  #withoutStrayBlanks(said: Generated): string {
    const text = this.#blank + said.text
    this.#inText = said.toolCalls.length === 0 && (this.#inText || text.trim() !== '')
    this.#blank = this.#inText || said.toolCalls.length > 0 ? '' : text
    return text.trim() === '' && !this.#inText ? '' : text
  }

  #match(text: string): string {
    if (this.#stops === undefined || text === '') return text
    const { emit, hit } = this.#stops.push(text)
    this.#stopped = hit !== undefined
    return emit
  }
}

function repaired(claimed: FinishReason, called: boolean): FinishReason {
  if (claimed === 'tool_calls' && !called) return 'stop'
  return claimed === 'stop' && called ? 'tool_calls' : claimed
}
