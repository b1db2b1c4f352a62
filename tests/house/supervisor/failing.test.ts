import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { host, never, served, settings, smallEngine } from '../../fixtures/supervisor/small.ts'
import { supervised } from '../../fixtures/supervisor/world.ts'

/** Sends a request and resolves when the server has answered or broken off. */
async function provoke(port: number, path: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const asked = request({ host: '127.0.0.1', port, path, method: 'POST' }, (response) =>
    response.resume().once('close', resolve),
  )
  asked.once('error', () => resolve()).end()
  await promise
}

describe('a ready server', () => {
  test('that crashes has failed, and starts again after the pause', async () => {
    const { supervisor, events, announced, stateOf } = supervised()
    const first = await supervisor.ensureReady(served('small'), never)
    process.kill(-first.pid, 'SIGKILL')
    await announced('server.failed')
    expect(stateOf('small')).toMatchObject({ kind: 'failed', diagnosis: { reason: 'It ended with SIGKILL.' } })
    const second = await supervisor.ensureReady(served('small'), never)
    expect(second.pid).not.toBe(first.pid)
    expect(events).toContainEqual(expect.objectContaining({ type: 'server.failed', lines: ['listening as small'] }))
  })

  test('that is ended by a signal is reported with that signal, not with its shell’s code', async () => {
    const { supervisor, announced, stateOf } = supervised()
    const { port } = await supervisor.ensureReady(served('small'), never)
    await provoke(port, '/crash')
    await announced('server.failed')
    expect(stateOf('small')).toMatchObject({ diagnosis: { reason: 'It ended with SIGKILL.' } })
  })

  test('that is condemned while it is stopped by SIGSTOP is killed, and counted as a failure', async () => {
    const { supervisor, stateOf, events } = supervised()
    const { pid } = await supervisor.ensureReady(served('small'), never)
    for (const member of await host.group(pid)) process.kill(member.pid, 'SIGSTOP')
    await supervisor.condemn('small', 'No token for five minutes.')
    expect(await host.group(pid)).toEqual([])
    expect(stateOf('small')).toMatchObject({
      kind: 'failed',
      failures: 1,
      diagnosis: { reason: 'No token for five minutes.' },
    })
    expect(events).toContainEqual({ type: 'server.stopping', profile: 'small', reason: 'wedged' })
  })

  test('that says it is dead while nobody uses it is found and ended', async () => {
    const { supervisor, announced, stateOf } = supervised({ checkEvery: 10 })
    const { port } = await supervisor.ensureReady(served('small'), never)
    await provoke(port, '/die')
    await announced('server.failed')
    expect(stateOf('small')).toMatchObject({ kind: 'failed' })
  })

  test('under suspicion is left alone where it is well', async () => {
    const { supervisor, stateOf } = supervised()
    await supervisor.ensureReady(served('small'), never)
    await supervisor.suspect('small', 'It broke off an answer.')
    expect(stateOf('small').kind).toBe('ready')
  })

  test('under the suspicion of many at once is looked at once', async () => {
    const { supervisor } = supervised()
    await supervisor.ensureReady(served('small', 'notes-health'), never)
    await Promise.all(Array.from({ length: 20 }, () => supervisor.suspect('small', 'It broke off an answer.')))
    // one by the supervisor itself, as soon as it was ready
    expect(supervisor.log('small').filter((line) => line === 'asked for its health').length).toBeLessThanOrEqual(2)
  })

  test.for(['/die', '/crash'])('under suspicion has failed by the time that is known: %s', async (path) => {
    const { supervisor, stateOf } = supervised()
    const { port } = await supervisor.ensureReady(served('small'), never)
    await provoke(port, path)
    await supervisor.suspect('small', 'It broke off an answer.')
    expect(stateOf('small')).toMatchObject({ kind: 'failed' })
  })
})

describe('after failures', () => {
  test('a caller waits for the end of the pause, and is served', async () => {
    const { supervisor, count } = supervised()
    await expect(supervisor.ensureReady(served('small', 'dies-once'), never)).rejects.toThrow('ended with 3')
    await supervisor.ensureReady(served('small', 'dies-once'), never)
    expect(count('server.starting')).toBe(2)
  })

  test('too many in a row, callers are refused at once with a time to come back', async () => {
    const clock = { now: 1_000_000 }
    const { supervisor, count, announced } = supervised({
      now: () => clock.now,
      settings: { ...settings, backoffMin: 1_000 },
    })
    const small = served('small', 'dies')
    for (let failures = 1; failures <= settings.maxFailures; failures++) {
      await expect(supervisor.ensureReady(small, never)).rejects.toMatchObject({ code: 'server_failed' })
      await announced('server.failed', failures)
      if (failures < settings.maxFailures) clock.now += 60_000
    }
    const refused = supervisor.ensureReady(small, never)
    await expect(refused).rejects.toMatchObject({ code: 'server_unavailable', retryAfterMs: 4_000 })
    await expect(refused).rejects.toThrow(
      'failed 3 times in a row; it is tried again in 4 s. It ended with 3. Its log says more: mlx-gateway logs small',
    )
    expect(count('server.starting')).toBe(3)
  })

  test('of a lasting kind, callers are told the reason until somebody says "try again" or changes the settings', async () => {
    const engine = smallEngine({ diagnose: () => ({ kind: 'permanent', reason: 'Model type x not supported.' }) })
    const { supervisor, count } = supervised({ engine })
    const small = served('small', 'dies-once')
    await expect(supervisor.ensureReady(small, never)).rejects.toMatchObject({ code: 'model_load_failed' })
    const refused = supervisor.ensureReady(small, never)
    await expect(refused).rejects.toMatchObject({ code: 'model_load_failed', retryAfterMs: undefined })
    await expect(refused).rejects.toThrow('cannot start until this is put right: Model type x not supported.')
    expect(count('server.starting')).toBe(1)
    supervisor.reset('small')
    await supervisor.ensureReady(small, never)
    expect(count('server.starting')).toBe(2)
  })

  test('a caller who waits for the pause is served at once when somebody says "try again"', async () => {
    const { supervisor } = supervised({ settings: { ...settings, backoffMin: 60_000 } })
    const small = served('small', 'dies-once')
    await expect(supervisor.ensureReady(small, never)).rejects.toThrow('ended with 3')
    const waiting = supervisor.ensureReady(small, never)
    supervisor.reset('small')
    await expect(waiting).resolves.toMatchObject({ pid: expect.any(Number) })
  })

  test('a caller who leaves during the pause causes no start', async () => {
    const { supervisor, count } = supervised({ settings: { ...settings, backoffMin: 60_000 } })
    const small = served('small', 'dies')
    await expect(supervisor.ensureReady(small, never)).rejects.toThrow('ended with 3')
    const client = new AbortController()
    const waiting = supervisor.ensureReady(small, client.signal)
    client.abort(new Error('left'))
    await expect(waiting).rejects.toThrow('left')
    expect(count('server.starting')).toBe(1)
  })

  test('what a server wrote is for its owner, and reaches no caller', async () => {
    const script = 'echo "the prompt was: a secret"; exit 1'
    const engine = smallEngine({ command: () => ({ file: 'sh', arguments: ['-c', script], environment: {} }) })
    const { supervisor, stateOf } = supervised({
      engine,
      settings: { ...settings, backoffMin: 60_000, maxFailures: 1 },
    })
    for (const told of [
      'The server of "small" failed: It ended with 1. Its log says more: mlx-gateway logs small',
      'The server of "small" failed; it is tried again in 60 s. It ended with 1. Its log says more: mlx-gateway logs small',
    ])
      await expect(supervisor.ensureReady(served('small'), never)).rejects.toMatchObject({ message: told })
    expect(stateOf('small')).toMatchObject({ kind: 'failed', lines: ['the prompt was: a secret'] })
  })
})
