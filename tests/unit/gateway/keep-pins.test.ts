import { expect, test } from 'vitest'
import { keepPins } from '../../../src/gateway/keep-pins.ts'
import type { GatewayEvent } from '../../../src/telemetry/telemetry.ts'

function house(...profiles: readonly string[]) {
  const done: string[] = []
  const listeners: ((event: GatewayEvent) => void)[] = []
  keepPins({
    telemetry: {
      listen(listener) {
        listeners.push(listener)
        return () => void listeners.pop()
      },
    },
    catalog: { profiles: () => profiles.map((name) => ({ name })) as never },
    scheduler: {
      forgetPin: (profile) => void done.push(`forget ${profile}`),
      movePin: (before, after) => void done.push(`move ${before} ${after}`),
    },
  })
  return { done, tell: (event: GatewayEvent) => listeners.forEach((listener) => listener(event)) }
}

test('a pin goes with its profile', () => {
  const { done, tell } = house()
  tell({ type: 'profile.changed', profile: 'new', before: 'old' })
  tell({ type: 'profile.removed', profile: 'new' })
  expect(done).toEqual(['move old new', 'forget new'])
})

test('and with the model that was a profile by itself, but not with one of its revisions, nor where another has its name', () => {
  const { done, tell } = house('owner/kept')
  tell({ type: 'model.removed', id: 'owner/kept', freedBytes: 1 })
  tell({ type: 'model.removed', id: 'owner/gone', revision: 'main', freedBytes: 1 })
  tell({ type: 'model.removed', id: 'owner/gone', freedBytes: 1 })
  expect(done).toEqual(['forget owner/gone'])
})
