import { describe, expect, test } from 'vitest'
import { loadOf, progressOf, trialAmong } from '../../../../admin-ui/src/pages/profiles/trial-words.ts'
import { asked, server } from './views.ts'

describe('a trial', () => {
  test('is found among all requests by its name and its profile, the last of them', () => {
    const requests = [asked({ id: 'chat_1' }), asked(), asked({ id: 'test_2' }), asked({ id: 'test_3', profile: 'x' })]
    expect(trialAmong(requests, 'small')?.id).toBe('test_2')
    expect(trialAmong([], 'small')).toBeUndefined()
  })

  test('says what it waits for', () => {
    expect(progressOf(undefined, undefined, 0).words).toBe('Asking for it')
    expect(progressOf(asked({ waitedFor: ['a', 'b'], estimateMs: 9_000 }), undefined, 0)).toEqual({
      words: 'Waiting for a place',
      note: 'a and b are busy, about 9.0 s',
      share: null,
    })
  })

  test('shows how far the load is: as told, else by how long it usually takes, never whole', () => {
    const loading = asked({ phase: 'loading', since: 1_000 })
    const progress = { phase: 'loading', message: 'Loading tiny', share: 0.25 } as const
    expect(progressOf(loading, server({ progress, usualLoadMs: 8_000 }), 2_000)).toEqual({
      words: 'Loading, 25 %',
      note: 'Loading tiny · usually 8.0 s',
      share: 0.25,
    })
    const untold = server({ progress: { ...progress, share: null }, usualLoadMs: 8_000 })
    expect(progressOf(loading, untold, 3_000)).toMatchObject({ words: 'Loading', share: 0.25 })
    expect(progressOf(loading, untold, 99_000).share).toBeLessThan(1)
    expect(progressOf(loading, server(), 3_000).share).toBeNull()
    const fetching = server({ progress: { ...progress, phase: 'fetching' } })
    expect(progressOf(loading, fetching, 2_000).words).toBe('Fetching the model, 25 %')
  })

  test('goes from the question to the answer', () => {
    expect(progressOf(asked({ phase: 'prefill' }), server(), 0).words).toBe('Reading the question')
    expect(progressOf(asked({ phase: 'decode', tokens: 12 }), server(), 0)).toMatchObject({
      words: 'Answering',
      note: '12 tokens',
    })
  })

  test('of a server that ran already tells of no load', () => {
    expect([loadOf({ loadMs: 0 }), loadOf({ loadMs: 4_500 })]).toEqual(['was loaded', '4.5 s'])
  })
})
