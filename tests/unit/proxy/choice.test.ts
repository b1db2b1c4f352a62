import { expect, test } from 'vitest'
import { ChoiceFilter } from '../../../src/proxy/choice.ts'
import type { Generated } from '../../../src/wire/generation.ts'

const nothing: Generated = {
  text: '',
  reasoning: '',
  toolCalls: [],
  logprobs: undefined,
  finish: undefined,
  usage: undefined,
  error: undefined,
}
const text = (words: string): Generated => ({ ...nothing, text: words })
const call = (index: number, written = '{}'): Generated => ({
  ...nothing,
  toolCalls: [{ index, id: `c${index}`, name: 'f', arguments: written }],
})
const finish = (reason: Generated['finish']): Generated => ({ ...nothing, finish: reason })

/** The text and the calls a client sees, and the finish. */
function seen(said: Generated[], stops: string[] = []) {
  const filter = new ChoiceFilter(stops)
  const deltas = said.map((one) => filter.take(one)).filter((delta) => delta !== undefined)
  const last = filter.close()
  const all = [...deltas, last]
  return {
    text: all.map((delta) => delta.text ?? '').join(''),
    calls: all.flatMap((delta) => delta.toolCalls ?? []),
    finish: last.finish,
    stopped: filter.stopped,
  }
}

test('a stop sequence cuts the text, finishes it, and nothing after it counts', () => {
  const said = [text('Hello '), text('wor'), text('ld, and'), text(' more'), finish('length')]
  expect(seen(said, ['world'])).toMatchObject({ text: 'Hello ', finish: 'stop', stopped: true })
})

test('text that was held back for a stop sequence is given at the end', () => {
  expect(seen([text('Hello wor'), finish('length')], ['world'])).toMatchObject({
    text: 'Hello wor',
    finish: 'length',
    stopped: false,
  })
})

test('a finish for tool calls where none came becomes a plain stop, and the other way round', () => {
  expect(seen([finish('tool_calls')]).finish).toBe('stop')
  expect(seen([call(0), finish('stop')]).finish).toBe('tool_calls')
  expect(seen([call(0), finish('length')]).finish).toBe('length')
})

test('blank text before and between tool calls goes; blank text of an answer stays', () => {
  expect(seen([text('\n'), call(0), text('\n'), call(1), finish('tool_calls')]).text).toBe('')
  expect(seen([text('\n'), text('Hi'), text('\n\n'), text('there'), finish('stop')]).text).toBe('\nHi\n\nthere')
  expect(seen([text('\n'), finish('stop')]).text).toBe('\n')
})

test('a call that ends without arguments gets an empty object', () => {
  const { calls } = seen([call(0, ''), finish('tool_calls')])
  expect(calls.map((one) => one.arguments).join('')).toBe('{}')
  const pieces = seen([
    call(0, ''),
    { ...nothing, toolCalls: [{ index: 0, id: undefined, name: undefined, arguments: '{"a":1}' }] },
    finish('tool_calls'),
  ])
  expect(pieces.calls.map((one) => one.arguments).join('')).toBe('{"a":1}')
})

test('only text in full flow may pass unseen', () => {
  const filter = new ChoiceFilter([])
  expect(filter.transparent).toBe(false)
  filter.take(text('Hi'))
  expect(filter.transparent).toBe(true)
  filter.take(call(0))
  expect(filter.transparent).toBe(false)
  expect(new ChoiceFilter(['x']).transparent).toBe(false)
})
