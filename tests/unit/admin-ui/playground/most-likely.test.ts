import { expect, test } from 'vitest'
import { mostLikely } from '../../../../admin-ui/src/pages/playground/most-likely.ts'

const server = (state: 'ready' | 'failed' | 'stopped', lastUsed: number | null = null) => ({ state, lastUsed })

test('the playground begins with the model that was used last and is loaded, and never with one that failed if another is there', () => {
  const names = ['broken', 'cold', 'warm', 'warmer']
  const servers = new Map([
    ['broken', server('failed')],
    ['warm', server('ready', 1_000)],
    ['warmer', server('ready', 2_000)],
  ])
  expect(mostLikely(names, servers)).toBe('warmer')
  expect(mostLikely(['broken', 'cold'], servers)).toBe('cold')
  expect(mostLikely(['broken'], servers)).toBe('broken')
})
