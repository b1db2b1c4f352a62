import { expect, test } from 'vitest'
import { keyNeed } from '../../../../admin-ui/src/pages/connect/key-need.ts'

test.each([
  [{ keys: 0, required: undefined, host: '127.0.0.1' }, 'not yet'],
  [{ keys: 0, required: undefined, host: 'localhost' }, 'not yet'],
  [{ keys: 1, required: undefined, host: '::1' }, 'needed'],
  [{ keys: 0, required: true, host: '127.0.0.1' }, 'needed'],
  [{ keys: 3, required: false, host: '127.0.0.1' }, 'never'],
  [{ keys: 0, required: false, host: '0.0.0.0' }, 'needed'],
] as const)('with %o a key is %s', (facts, need) => {
  expect(keyNeed(facts)).toBe(need)
})
