import { describe, expect, test } from 'vitest'
import type { Host } from '../../../src/host/host.ts'
import { type Child, spawnChild } from '../../../src/supervisor/child.ts'
import type { SupervisorEvent } from '../../../src/supervisor/supervisor.ts'
import { host, rowsInMemory } from '../../fixtures/supervisor/small.ts'
import { temporaryFolder } from '../../fixtures/supervisor/world.ts'

const ladder = [{ signal: 'SIGTERM', waitMs: 2_000 }] as const

/** A guarded shell script, its output, and its row. */
async function shell(
  script: string,
  changes: { host?: Host; killPatience?: number; store?: ReturnType<typeof rowsInMemory> } = {},
  directory = temporaryFolder(),
) {
  const store = changes.store ?? rowsInMemory()
  const events: SupervisorEvent[] = []
  const parts = { host, store, announce: (event: SupervisorEvent) => void events.push(event), now: () => 5, ...changes }
  const heard: string[] = []
  const spoke = Promise.withResolvers<void>()
  const child = await spawnChild(parts, {
    profile: 'small',
    port: 1,
    command: { file: 'sh', arguments: ['-c', script], environment: { ADDED: 'added' } },
    environment: { PATH: process.env['PATH'] ?? '' },
    directory,
    output(chunk) {
      heard.push(chunk.toString())
      spoke.resolve()
    },
  })
  return { child, store, events, spoke: spoke.promise, text: () => heard.join('') }
}

async function ended(child: Child) {
  const exit = await child.exited
  await child.end([])
  return exit
}

describe('a child', () => {
  test.for([
    ['exit 0', { code: 0, signal: null }],
    ['exit 7', { code: 7, signal: null }],
    ['kill -ABRT $$', { code: null, signal: 'SIGABRT' }],
    ['kill -SEGV $$', { code: null, signal: 'SIGSEGV' }],
    ['kill -KILL $$', { code: null, signal: 'SIGKILL' }],
  ] as const)('reports its own end, not that of the shell above it: %s', async ([script, exit]) => {
    const { child } = await shell(script)
    expect(await ended(child)).toEqual(exit)
  })

  test('has its output read to the end before its exit is told, both streams in order', async () => {
    const { child, text } = await shell('echo one; echo two >&2; echo three')
    await child.exited
    expect(text()).toBe('one\ntwo\nthree\n')
    await child.end([])
  })

  test('sees the environment it was given and nothing else, and has nothing to read', async () => {
    const { child, text } = await shell('echo "$ADDED ${HOME-homeless}"; cat; (: <&3) 2>/dev/null || echo unguarded')
    await ended(child)
    expect(text()).toBe('added homeless\nunguarded\n')
  })

  test('leads a group of its own, which ends with it', async () => {
    const { child, spoke, store } = await shell('sleep 600 & echo up; wait')
    await spoke
    expect((await host.group(child.pid)).length).toBe(4)
    expect(store.list()).toMatchObject([{ profile: 'small', port: 1, createdAt: 5 }])
    await child.end(ladder)
    expect(await host.group(child.pid)).toEqual([])
    expect(store.list()).toEqual([])
    expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' })
  })

  test('is asked with each signal of the ladder in turn', async () => {
    const { child, spoke, text } = await shell(
      'trap "echo INT" INT; trap "echo TERM; exit 0" TERM; echo up; while :; do sleep 0.01; done',
    )
    await spoke
    await child.end([{ signal: 'SIGINT', waitMs: 50 }, ...ladder])
    expect(text()).toMatch(/^up\nINT\n(Terminated\n)?TERM\n$/)
  })

  test('is ended once, however often it is asked', async () => {
    const { child } = await shell('sleep 600')
    expect(child.end(ladder)).toBe(child.end([]))
    await child.end([])
    expect(await child.exited).toMatchObject({ signal: 'SIGTERM' })
  })

  test('leaves its row where its group cannot be killed, and says so', async () => {
    const one = { pid: 1, groupId: 1, startTime: '', commandLine: '' }
    const { child, store, events } = await shell('exit 0', {
      host: { ...host, group: async () => [one] },
      killPatience: 10,
    })
    await child.end([])
    expect(store.list()).toHaveLength(1)
    expect(events).toMatchObject([{ type: 'supervisor.trouble', message: expect.stringContaining('cannot be killed') }])
  })

  test.for(['/nowhere/at/all', 'a\0b'])('that cannot be made leaves no row, and says why: in %j', async (directory) => {
    const store = rowsInMemory()
    await expect(shell('exit 0', { store }, directory)).rejects.toThrow(/^No process could be started: ./)
    expect(store.list()).toEqual([])
  })

  test('is not started where it cannot be recorded', async () => {
    const store = rowsInMemory()
    const full = {
      ...store,
      add: () => {
        throw new Error('disk full')
      },
    }
    await expect(shell('exit 0', { store: full })).rejects.toThrow('disk full')
  })
})
