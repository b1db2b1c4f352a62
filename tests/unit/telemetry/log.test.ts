import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../src/config/config.ts'
import type { GatewayEvent } from '../../../src/telemetry/event.ts'
import { printable } from '../../../src/telemetry/log-line.ts'
import { createLog } from '../../../src/telemetry/log.ts'
import { ended } from './row.ts'

function written(events: readonly GatewayEvent[], settings: Partial<Settings['log']> = {}): string[] {
  const lines: string[] = []
  const log = createLog({ level: 'info', format: 'json', ...settings }, () => 0, {
    write: (line) => void lines.push(line),
  })
  for (const event of events) log.write(event)
  return lines
}

describe('the log', () => {
  test('a line is one JSON object with time, level, what happened and its facts', () => {
    const [line = ''] = written([{ type: 'server.ready', profile: 'small', pid: 7, loadMs: 12 }])
    expect(JSON.parse(line)).toEqual({
      level: 'info',
      time: '1970-01-01T00:00:00.000Z',
      msg: 'server.ready',
      profile: 'small',
      pid: 7,
      loadMs: 12,
    })
  })

  test('a start tells how far it is in percent', () => {
    const progress = { phase: 'installing', message: 'Downloading mlx', share: 0.2654 } as const
    const [line = ''] = written([{ type: 'server.progress', profile: 'small', progress }])
    const { msg, phase, message, percent } = JSON.parse(line)
    expect([msg, phase, message, percent]).toEqual(['server.progress', 'installing', 'Downloading mlx', 27])
  })

  test('of eighty steps of an installation every tenth part is told, and each further phase', () => {
    const steps = Array.from({ length: 81 }, (_, step): GatewayEvent => {
      const progress = { phase: 'installing', message: `step ${step}`, share: step / 80 } as const
      return { type: 'server.progress', profile: 'small', progress }
    })
    const loading = { phase: 'loading', message: 'Loading', share: undefined } as const
    const start: GatewayEvent[] = [...steps, { type: 'server.progress', profile: 'small', progress: loading }]
    const percents = written(start).map((line) => JSON.parse(line).percent)
    expect(percents).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, undefined])
    expect(written(start, { level: 'debug' })).toHaveLength(82)
    const again: GatewayEvent = { type: 'server.starting', profile: 'small' }
    expect(written([...steps.slice(0, 3), again, ...steps.slice(0, 3)])).toHaveLength(3)
  })

  test('a finished request tells its figures', () => {
    const [line = ''] = written([ended({ model: 'small' })])
    expect(JSON.parse(line)).toMatchObject({
      msg: 'request.ended',
      id: 'req_1',
      status: 200,
      completionTokens: 20,
      queueMs: 100,
    })
  })

  test('what was said last is written also where the process ends unplanned', () => {
    const log = JSON.stringify(import.meta.resolve('../../../src/telemetry/log.ts'))
    const program = `
      const { createLog } = await import(${log})
      createLog({ level: 'info', format: 'json' }, () => 0).write({ type: 'gateway.trouble', message: 'oh' })
      throw new Error('unplanned')`
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program])
    expect([status, JSON.parse(stdout.toString())]).toMatchObject([1, { msg: 'gateway.trouble', message: 'oh' }])
  })

  test('what is less important than asked for is not written', () => {
    const events: GatewayEvent[] = [
      { type: 'queue.changed', profile: 'small', waiting: 0, active: 1 },
      { type: 'gateway.trouble', message: 'oh' },
    ]
    expect(written(events)).toHaveLength(1)
    expect(written(events, { level: 'debug' })).toHaveLength(2)
  })

  test('the lines of a failed server stay out: an engine may have printed what was said', () => {
    const diagnosis = { kind: 'permanent', reason: 'no such folder' } as const
    const [line = ''] = written([
      { type: 'server.failed', profile: 'small', diagnosis, lines: ['the prompt'], retryAt: 1 },
    ])
    expect(line).not.toContain('the prompt')
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', kind: 'permanent', reason: 'no such folder' })
  })

  test('a model name cannot start a line or move a terminal’s cursor, in either format', () => {
    const evil = 'x\r\n{"level":"info","msg":"forged"}\u001b[2J\u009b2J\u202e'
    for (const format of ['json', 'pretty'] as const) {
      const lines = written([ended({ model: evil })], { format })
      expect(lines).toHaveLength(1)
      expect(lines[0]?.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    }
  })

  test('words are cut to 200 characters', () => {
    expect(printable('m'.repeat(1000))).toHaveLength(200)
  })
})
