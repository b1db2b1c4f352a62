import { expect, test } from 'vitest'
import { StopMatcher } from '../../../src/wire/stop.ts'

/** What comes out when the text comes in these pieces, and what ended it. */
function cut(stops: string[], pieces: string[]): [text: string, hit: string | undefined] {
  const matcher = new StopMatcher(stops)
  let text = ''
  for (const piece of pieces) {
    const { emit, hit } = matcher.push(piece)
    text += emit
    if (hit !== undefined) return [text, hit]
  }
  return [text + matcher.flush(), undefined]
}

test.each<[string, string[], string[], string, string | undefined]>([
  ['inside one piece', ['END'], ['say END now'], 'say ', 'END'],
  ['across pieces', ['END'], ['say E', 'N', 'D now'], 'say ', 'END'],
  ['inside a word', ['Paris'], ['The capital is ', 'Paris.'], 'The capital is ', 'Paris'],
  ['after a false start', ['aab'], ['aa', 'ab'], 'a', 'aab'],
  ['the one that begins first', ['lo w', 'hello'], ['hello world'], '', 'hello'],
  ['of two at one place the one listed first', ['ab', 'abc'], ['xabc'], 'x', 'ab'],
  ['an astral character', ['🙂'], ['a', '🙂', 'b'], 'a', '🙂'],
])('a stop sequence is met %s', (_, stops, pieces, text, hit) => {
  expect(cut(stops, pieces)).toEqual([text, hit])
})

test('text that only looks like the beginning of one is given in full', () => {
  expect(cut(['STOP'], ['ST', 'O', 'RM ST'])).toEqual(['STORM ST', undefined])
})

test('text is held back only as long as it may become a stop sequence', () => {
  const matcher = new StopMatcher(['abc'])
  expect(matcher.push('xab').emit).toBe('x')
  expect(matcher.push('x').emit).toBe('abx')
})
