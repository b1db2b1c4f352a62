import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../src/config/config.ts'
import { createLog } from '../../../src/telemetry/log.ts'

function open(settings: Partial<Settings['log']> = {}) {
  const written: string[] = []
  const live: Settings['log'] = { level: 'info', format: 'json', ...settings }
  const log = createLog(live, () => 0, { write: (line) => void written.push(line) })
  const ready = (profile: string) => log.write({ type: 'server.ready', profile, pid: 7, loadMs: 12 })
  return { log, live, written, ready }
}

describe('the log that is kept to be read', () => {
  test('has each line with time, level, what happened and its facts, whatever the format', () => {
    for (const format of ['json', 'pretty'] as const) {
      const { log, ready } = open({ format })
      ready('small')
      log.write({ type: 'gateway.trouble', message: 'no space\nleft' })
      const time = expect.stringMatching(/^(1969-12-31|1970-01-01) \d\d:\d\d:\d\d\.000 /)
      expect(log.lines()).toEqual([time, time])
      expect(log.lines().map((line) => line.slice(24))).toEqual([
        'INFO server.ready profile=small pid=7 loadMs=12',
        'ERROR gateway.trouble message="no space\\nleft"',
      ])
    }
  })

  test('is the last 2,000 lines', () => {
    const { log, ready } = open()
    for (let at = 1; at <= 2_100; at++) ready(`p${at}`)
    expect(log.lines()).toHaveLength(2_000)
    expect(log.lines()[0]).toContain('profile=p101 ')
    expect(log.lines().at(-1)).toContain('profile=p2100 ')
  })

  test('takes a megabyte at most, however long its lines are', () => {
    const { log } = open()
    for (let at = 1; at <= 50; at++) log.write({ type: 'gateway.trouble', message: `${at} ${'x'.repeat(100_000)}` })
    const lines = log.lines()
    expect(lines.join('').length).toBeLessThan(1024 ** 2)
    expect(lines.length).toBeGreaterThan(5)
    expect(lines.at(-1)).toContain('message="50 x')
  })

  test('is followed until the follower leaves', () => {
    const { log, ready } = open()
    const heard: string[] = []
    const leaving = new AbortController()
    ready('before')
    log.follow((line) => heard.push(line), leaving.signal)
    ready('one')
    leaving.abort()
    ready('two')
    log.follow((line) => heard.push(line), leaving.signal)
    ready('three')
    expect(heard).toEqual([expect.stringContaining('INFO server.ready profile=one ')])
  })

  test('loses a follower that fails, and nobody else', () => {
    const { log, ready } = open()
    const heard: string[] = []
    log.follow(() => {
      throw new Error('full')
    }, new AbortController().signal)
    log.follow((line) => heard.push(line), new AbortController().signal)
    expect(() => ready('one')).toThrow('full')
    ready('two')
    expect(heard).toEqual([expect.stringContaining('profile=two')])
    expect(log.lines()).toHaveLength(2)
  })
})

test('the level may change while the log is open', () => {
  const { log, live, written } = open()
  const debug = (): void => log.write({ type: 'queue.changed', profile: 'small', waiting: 0, active: 1 })
  debug()
  live.level = 'debug'
  debug()
  live.level = 'error'
  debug()
  expect([written.length, log.lines().length]).toEqual([1, 1])
})
