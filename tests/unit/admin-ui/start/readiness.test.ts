import { expect, test } from 'vitest'
import { readinessOf } from '../../../../admin-ui/src/pages/start/readiness.ts'
import { profile } from '../profiles/views.ts'

test('a model is ready where it is on disk; only the starter is fetched when it is first asked', () => {
  const starter = profile({ origin: 'starter', model: 'starter' })
  expect(readinessOf(starter, [])).toBe('fetched first')
  expect(readinessOf(starter, ['starter'])).toBe('ready')
  expect(readinessOf(profile({ origin: 'file', model: undefined }), [])).toBe('ready')
  expect(readinessOf(profile({ available: false }), [])).toBe('missing')
})
