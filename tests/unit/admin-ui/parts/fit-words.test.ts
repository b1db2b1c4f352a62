import { describe, expect, test } from 'vitest'
import { fitColour, fitParts, whyFits } from '../../../../admin-ui/src/parts/fit-words.ts'
import { fit } from './hit.ts'

describe('whether a model fits', () => {
  test('is told with the numbers that decide it', () => {
    expect(whyFits(fit())).toBe('It needs 6.0 GB. Of the budget of 48.0 GB, 20.0 GB are free now.')
    expect(whyFits(fit({ verdict: 'fits alone', needBytes: 30 * 1024 ** 3 }))).toBe(
      'It needs 30.0 GB. Of the budget of 48.0 GB, 20.0 GB are free now: what runs must be unloaded first, which happens by itself once it is idle.',
    )
    expect(whyFits(fit({ verdict: 'does not fit', needBytes: 70 * 1024 ** 3 }))).toBe(
      'It needs 70.0 GB. All servers together may hold 48.0 GB. Fewer bits or fewer parameters need less.',
    )
  })

  test('is never red: what does not fit needs nobody', () => {
    const colours = (['fits', 'fits alone', 'does not fit'] as const).map((verdict) => fitColour({ verdict }))
    expect(colours).toEqual(['var(--ok)', 'var(--accent)', 'var(--idle)'])
  })
})

describe('the bar of a fit', () => {
  test('is the budget, with what others hold, the weights, the cache and the server itself', () => {
    expect(fitParts(fit())).toEqual({
      wholeBytes: 48 * 1024 ** 3,
      takenBytes: 28 * 1024 ** 3,
      weightsBytes: 4 * 1024 ** 3,
      cacheBytes: 1 * 1024 ** 3,
      serverBytes: 1 * 1024 ** 3,
    })
  })

  test('is longer than the budget where the model would go beyond it', () => {
    expect(fitParts(fit({ verdict: 'fits alone', needBytes: 30 * 1024 ** 3 })).wholeBytes).toBe(58 * 1024 ** 3)
  })
})
