import { describe, expect, test } from 'vitest'
import { commandWords } from '../../../src/config/command-words.ts'

describe('the words of a command', () => {
  test.each([
    { of: '  a  b\tc\nd ', are: ['a', 'b', 'c', 'd'] },
    { of: `'it is' "as \\"it\\" is" a\\ b`, are: ['it is', 'as "it" is', 'a b'] },
    { of: `"C:\\dir" '\\'`, are: ['C:\\dir', '\\'] },
    { of: `--json '{"a": "b"}' --x="y z"`, are: ['--json', '{"a": "b"}', '--x=y z'] },
    { of: `'' a""b`, are: ['', 'ab'] },
    { of: 'a \\\n  --b \\  \n c', are: ['a', '--b', 'c'] },
    { of: '# none\na # b\n  # nor this\nc', are: ['a', '#', 'b', 'c'] },
    { of: 'a; rm -rf $(b) | c > d', are: ['a;', 'rm', '-rf', '$(b)', '|', 'c', '>', 'd'] },
    { of: 'end\\', are: ['end'] },
    { of: '', are: [] },
  ])('$of', ({ of, are }) => {
    expect(commandWords(of)).toEqual(are)
  })

  test.each([`a 'b`, `a "b`, `a "b\\"`])('are not known where a quote is not closed: %s', (text) => {
    expect(commandWords(text)).toBeUndefined()
  })
})
