import { expect, test } from 'vitest'
import { writeJson } from '../../../src/wire/json.ts'

test('lone surrogates are written as replacement characters, in keys as in values; pairs stay', () => {
  const written = writeJson({ tools: [{ '\ud800': '\udc00', '🙂': ['🙂\ud83d'] }], n: 1, none: null })
  expect(written).toBe('{"tools":[{"\uFFFD":"\uFFFD","🙂":["🙂\uFFFD"]}],"n":1,"none":null}')
})
