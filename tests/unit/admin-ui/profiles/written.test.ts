import { describe, expect, test } from 'vitest'
import { durationText, sizeText } from '../../../../admin-ui/src/pages/profiles/amounts.ts'
import { lineOf, linesOf } from '../../../../admin-ui/src/pages/profiles/command-line.ts'
import { readProfile } from '../../../../src/config/config.ts'
import { wordsOf } from '../../../../src/wire/command-line.ts'

describe('amounts in a field', () => {
  test('stand in the greatest unit that leaves no rest', () => {
    expect([600_000, 7_200_000, 90_000, 1_500, 0].map(durationText)).toEqual(['10m', '2h', '90s', '1500ms', '0'])
    expect([24 * 1024 ** 3, 300 * 1024 ** 2, 1_000_001].map(sizeText)).toEqual(['24GB', '300MB', '1000001B'])
  })

  test('are what the gateway reads them as', () => {
    for (const idle of [0, 1, 999, 61_000, 86_400_000]) {
      expect(readProfile({ name: 'p', model: 'm', idle: durationText(idle) }).idle).toBe(idle)
    }
    for (const memory of [1, 1023, 1024, 3 * 1024 ** 2, 5 * 1024 ** 4]) {
      expect(readProfile({ name: 'p', model: 'm', memory: sizeText(memory) }).memory).toBe(memory)
    }
  })

  test('stay as somebody wrote them, and nothing stays nothing', () => {
    expect([durationText('5 min'), sizeText('1.5GB'), sizeText(undefined)]).toEqual(['5 min', '1.5GB', ''])
  })
})

describe('a command line in a field', () => {
  test('is split as a shell would split it', () => {
    expect(wordsOf(`serve --port \${port} --args '{"a": 1}' "it's \\"so\\""`)).toEqual([
      'serve',
      '--port',
      '${port}',
      '--args',
      '{"a": 1}',
      `it's "so"`,
    ])
    expect(wordsOf('a\\ b  \n c\\\nd "\\n" \'\'')).toEqual(['a b', 'cd', '\\n', ''])
    expect(wordsOf('  ')).toEqual([])
  })

  test('with a quote that is not closed is none', () => {
    expect([wordsOf("serve 'x"), wordsOf('serve "x'), wordsOf('serve \\')]).toEqual([undefined, undefined, undefined])
  })

  test('written from words comes back as the same words', () => {
    const words = ['my server', '--port', '${port}', `it's`, '"', '\\', '', '$HOME', 'ü', '{"a":[1,2]}', '#', '*']
    expect(wordsOf(lineOf(words))).toEqual(words)
    expect(lineOf(['serve', '--port', '${port}', '--model', '${model}', '/srv/a-b_c.d'])).toBe(
      'serve --port ${port} --model ${model} /srv/a-b_c.d',
    )
  })

  test('is shown with a line for each flag, which a shell takes as one command', () => {
    const words = ['serve', 'x', '--model', '/srv/my model', '--port', '<port>']
    expect(linesOf(words)).toBe(`serve x \\\n  --model '/srv/my model' \\\n  --port <port>`)
    expect(wordsOf(linesOf(words))).toEqual(words)
  })
})
