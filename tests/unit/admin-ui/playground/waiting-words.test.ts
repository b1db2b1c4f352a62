import { expect, test } from 'vitest'
import { waitingWords } from '../../../../admin-ui/src/pages/playground/waiting-words.ts'

const starting = (phase: 'installing' | 'fetching' | 'loading', message: string, share: number | null) =>
  ({ state: 'starting', progress: { phase, message, share } }) as const

test('what is not loaded yet says what comes before, in the words of its server', () => {
  expect(waitingWords(starting('fetching', 'Downloading tiny (80 MB of 93 MB)', 0.85))).toEqual({
    what: 'Fetching the model',
    howFar: ': Downloading tiny (80 MB of 93 MB)…',
  })
  expect(waitingWords(starting('installing', 'Trying it', 0.96)).what).toBe('Installing the engine')
})

test('what is being loaded says how far that is, and what is loaded that its first token is waited for', () => {
  expect(waitingWords(starting('loading', 'Reading', 0.25))).toEqual({ what: 'Loading the model', howFar: ', 25 %…' })
  expect(waitingWords(starting('loading', 'Reading', null)).howFar).toBe('…')
  expect(waitingWords({ state: 'starting', progress: null }).what).toBe('Loading the model…')
  expect(waitingWords({ state: 'ready', progress: null }).what).toBe('Waiting for the first token…')
  expect(waitingWords(undefined).what).toBe('Waiting for the first token…')
})
