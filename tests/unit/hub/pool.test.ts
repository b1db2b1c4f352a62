import { describe, expect, test } from 'vitest'
import { atMost } from '../../../src/hub/pool.ts'

describe('many questions', () => {
  test('are asked a few at a time, and answered in their order', async () => {
    let now = 0
    let most = 0
    const answers = await atMost(3, [5, 1, 4, 2, 3, 0], async (item) => {
      now += 1
      most = Math.max(most, now)
      for (let turns = 0; turns < item; turns += 1) await Promise.resolve()
      now -= 1
      return item * 10
    })
    expect(answers).toEqual([50, 10, 40, 20, 30, 0])
    expect(most).toBe(3)
  })

  test('end with the first failure', async () => {
    const asked = atMost(2, [1, 2, 3], (item) => (item === 2 ? Promise.reject(new Error('no')) : Promise.resolve(item)))
    await expect(asked).rejects.toThrow('no')
  })
})
