import { describe, expect, test } from 'vitest'
import type { GatewayEvent } from '../../../src/telemetry/event.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'
import { ended } from './row.ts'

const small = { profiles: () => ['small'], now: () => 0 }

async function after(...events: GatewayEvent[]): Promise<string[]> {
  const metrics = createMetrics(small)
  for (const event of events) metrics.count(event)
  return (await metrics.print()).split('\n')
}

const diagnosis = { kind: 'transient', reason: 'it fell' } as const

describe('metrics', () => {
  test('requests are counted by profile, endpoint and status, tokens by kind', async () => {
    const lines = await after(ended({}), ended({}), ended({ status: 502, endpoint: 'completion', promptTokens: null }))
    expect(lines).toContain('mlx_gateway_requests_total{profile="small",endpoint="chat",status="200"} 2')
    expect(lines).toContain('mlx_gateway_requests_total{profile="small",endpoint="completion",status="502"} 1')
    expect(lines).toContain('mlx_gateway_tokens_total{profile="small",kind="prompt"} 20')
    expect(lines).toContain('mlx_gateway_tokens_total{profile="small",kind="cached"} 12')
    expect(lines).toContain('mlx_gateway_tokens_total{profile="small",kind="completion"} 60')
  })

  test('a name that leads nowhere never becomes a label', async () => {
    const lines = await after(ended({ profile: null, model: 'no-such-model', status: 404 }))
    expect(lines).toContain('mlx_gateway_requests_total{profile="",endpoint="chat",status="404"} 1')
    expect(lines.join('\n')).not.toContain('no-such-model')
  })

  test('durations are in seconds, from arrival to the end', async () => {
    const lines = await after(ended({}), { type: 'request.first_token', id: 'a', profile: 'small', ms: 250 })
    expect(lines).toContain('mlx_gateway_request_duration_seconds_sum{profile="small"} 3')
    expect(lines).toContain('mlx_gateway_queue_seconds_sum{profile="small"} 0.1')
    expect(lines).toContain('mlx_gateway_time_to_first_token_seconds_sum{profile="small"} 0.25')
  })

  test('a server is in exactly one state', async () => {
    const lines = await after(
      { type: 'server.starting', profile: 'small' },
      { type: 'server.ready', profile: 'small', pid: 1, loadMs: 1500 },
    )
    expect(lines.filter((line) => line.startsWith('mlx_gateway_server_state') && line.endsWith(' 1'))).toEqual([
      'mlx_gateway_server_state{profile="small",state="ready"} 1',
    ])
    expect(lines).toContain('mlx_gateway_load_seconds_sum{profile="small"} 1.5')
  })

  test('a failed start is a failed load; a server that dies later is not', async () => {
    const failed: GatewayEvent = { type: 'server.failed', profile: 'small', diagnosis, lines: [], retryAt: 0 }
    const lines = await after(
      { type: 'server.starting', profile: 'small' },
      failed,
      { type: 'server.starting', profile: 'small' },
      { type: 'server.ready', profile: 'small', pid: 1, loadMs: 1 },
      failed,
    )
    expect(lines).toContain('mlx_gateway_loads_total{profile="small",outcome="failed"} 1')
    expect(lines).toContain('mlx_gateway_loads_total{profile="small",outcome="ready"} 1')
  })

  test('queue, use, evictions, memory and budget show as last told', async () => {
    const lines = await after(
      { type: 'gateway.started', url: '', pid: 1, budgetBytes: 4096 },
      { type: 'queue.changed', profile: 'small', waiting: 3, active: 2 },
      { type: 'server.measured', profile: 'small', memoryBytes: 512 },
      {
        type: 'profile.evicted',
        profile: 'small',
        for: 'big',
        reservedBytes: 512,
        idleMs: 1,
        freedBytes: 512,
        ms: 1,
      },
    )
    expect(lines).toContain('mlx_gateway_memory_budget_bytes 4096')
    expect(lines).toContain('mlx_gateway_queue_waiting{profile="small"} 3')
    expect(lines).toContain('mlx_gateway_active{profile="small"} 2')
    expect(lines).toContain('mlx_gateway_server_memory_bytes{profile="small"} 512')
    expect(lines).toContain('mlx_gateway_evictions_total{profile="small"} 1')
  })

  test('a server that is gone holds no memory', async () => {
    const lines = await after(
      { type: 'server.measured', profile: 'small', memoryBytes: 512 },
      { type: 'server.stopped', profile: 'small', reason: 'idle', freedBytes: 512, ms: 1 },
    )
    expect(lines).toContain('mlx_gateway_server_memory_bytes{profile="small"} 0')
  })

  test('printed once for all who ask within a second', async () => {
    let now = 0
    const metrics = createMetrics({ profiles: () => ['small'], now: () => now })
    const first = metrics.print()
    metrics.count(ended({}))
    now = 999
    expect(metrics.print()).toBe(first)
    now = 1_000
    expect(await metrics.print()).toContain(
      'mlx_gateway_requests_total{profile="small",endpoint="chat",status="200"} 1',
    )
  })

  test('a profile that was removed is told of until its server has stopped and nobody waits, then not at all', async () => {
    const profiles = ['small', 'other']
    let now = 0
    const metrics = createMetrics({ profiles: () => profiles, now: () => (now += 1_000) })
    const told = async () => (await metrics.print()).split('\n').filter((line) => line.includes('"small"')).length
    metrics.count({ type: 'server.starting', profile: 'small' })
    metrics.count({ type: 'server.ready', profile: 'small', pid: 1, loadMs: 1 })
    metrics.count({ type: 'queue.changed', profile: 'small', waiting: 0, active: 1 })
    metrics.count({ type: 'request.first_token', id: 'a', profile: 'small', ms: 250 })
    metrics.count(ended({}))
    metrics.count({ type: 'server.measured', profile: 'other', memoryBytes: 512 })
    profiles.shift()
    expect(await told()).toBeGreaterThan(20)
    metrics.count({ type: 'server.stopped', profile: 'small', reason: 'changed', freedBytes: 512, ms: 1 })
    expect(await told()).toBeGreaterThan(20)
    metrics.count({ type: 'queue.changed', profile: 'small', waiting: 0, active: 0 })
    expect(await told()).toBe(0)
    metrics.count(ended({}))
    expect(await told()).toBe(0)
    expect(await metrics.print()).toContain('mlx_gateway_server_memory_bytes{profile="other"} 512')
  })

  test('one that comes back begins anew', async () => {
    let profiles: string[] = []
    let now = 0
    const metrics = createMetrics({ profiles: () => profiles, now: () => (now += 1_000) })
    metrics.count(ended({}))
    await metrics.print()
    profiles = ['small']
    metrics.count(ended({}))
    expect(await metrics.print()).toContain(
      'mlx_gateway_requests_total{profile="small",endpoint="chat",status="200"} 1',
    )
  })

  test('the process speaks for itself, event loop lag included', async () => {
    const text = (await after()).join('\n')
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m)
    expect(text).toMatch(/^process_resident_memory_bytes /m)
  })

  test('names pass promtool’s lint: help everywhere, _total for counters alone, no _count or _bucket of their own', async () => {
    const lines = await after(ended({}))
    const types = lines.flatMap((line) => /^# TYPE (\S+) (\S+)$/.exec(line)?.slice(1) ?? [])
    const named = new Map(Array.from({ length: types.length / 2 }, (_, at) => [types[2 * at], types[2 * at + 1]]))
    expect(named.size).toBeGreaterThan(20)
    const names = [...named.keys()].map(String)
    expect(names.filter((name) => !lines.some((line) => line.startsWith(`# HELP ${name} `)))).toEqual([])
    expect(names.filter((name) => name.endsWith('_total') !== (named.get(name) === 'counter'))).toEqual([])
    expect(names.filter((name) => /_(count|sum|bucket|milliseconds|ms|kilobytes|megabytes)$/.test(name))).toEqual([])
  })
})
