import { describe, expect, test } from 'vitest'
import { settings } from '../../../src/config/schema.ts'
import type { RequestRow } from '../../../src/store/store.ts'
import { createTelemetry } from '../../../src/telemetry/telemetry.ts'
import type { GatewayEvent } from '../../../src/telemetry/telemetry.ts'
import { ended } from './row.ts'

function house() {
  const rows: RequestRow[] = []
  const lines: string[] = []
  const telemetry = createTelemetry({
    requests: { add: (batch) => void rows.push(...batch), prune: () => 0 },
    settings: settings.parse({}),
    destination: { write: (line) => void lines.push(line) },
    profiles: () => ['small'],
    now: () => 0,
  })
  return { telemetry, rows, lines }
}

describe('telemetry', () => {
  test('one announcement becomes a log line, a metric, a live event and a kept row', async () => {
    const { telemetry, rows, lines } = house()
    const heard: GatewayEvent[] = []
    telemetry.listen((event) => heard.push(event))
    const event = ended({ id: 'req_9' })
    telemetry.announce(event)
    telemetry.close()
    expect(heard).toEqual([event])
    expect(rows.map(({ id }) => id)).toEqual(['req_9'])
    expect(lines.join('')).toContain('"id":"req_9"')
    expect(await telemetry.metrics()).toContain('mlx_gateway_requests_total{profile="small"')
  })

  test('what was told is remembered for who comes later: the news, and how quick the answers were', () => {
    const { telemetry } = house()
    telemetry.announce(ended({ completionTokens: 21, decodeMs: 1_000, prefillMs: 80 }))
    telemetry.announce({ type: 'server.ready', profile: 'small', pid: 1, loadMs: 1 })
    expect(telemetry.speed('small')).toEqual({ tokensPerSecond: 20, firstTokenMs: 80 })
    expect(telemetry.recent()).toMatchObject([{ at: 0, event: { type: 'server.ready' } }])
  })

  test('a listener that has left hears nothing more', () => {
    const { telemetry } = house()
    const heard: GatewayEvent[] = []
    const leave = telemetry.listen((event) => heard.push(event))
    leave()
    telemetry.announce({ type: 'server.starting', profile: 'small' })
    expect(heard).toEqual([])
  })

  test('a listener that throws is written down, and the others still hear', () => {
    const { telemetry, lines } = house()
    const heard: string[] = []
    telemetry.listen(() => {
      throw new Error('deaf')
    })
    telemetry.listen((event) => heard.push(event.type))
    telemetry.announce({ type: 'server.starting', profile: 'small' })
    expect(heard).toEqual(['server.starting'])
    expect(lines.join('')).toContain('deaf')
  })
})
