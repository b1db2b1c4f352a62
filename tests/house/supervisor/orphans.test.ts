import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ChildRow } from '../../../src/store/store.ts'
import { groupGone } from '../../../src/supervisor/child.ts'
import { reap } from '../../../src/supervisor/reap.ts'
import type { SupervisorEvent } from '../../../src/supervisor/supervisor.ts'
import { host, rowsInMemory } from '../../fixtures/supervisor/small.ts'
import { supervised, temporaryFolder } from '../../fixtures/supervisor/world.ts'

const program = join(import.meta.dirname, '../../fixtures/programs/gateway.ts')

/** A gateway process with a ready server, and the row that it has written of it. */
async function gateway(...traits: string[]): Promise<{ gateway: ChildProcess; row: ChildRow; pid: number }> {
  const gateway = spawn(process.execPath, [program, temporaryFolder(), ...traits], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(gateway.stdout ?? gateway, 'data')
  const row: ChildRow = JSON.parse(String(line))
  const pid = row.pid ?? 0
  onTestFinished(async () => {
    gateway.kill('SIGKILL')
    for (const member of await host.group(pid)) process.kill(member.pid, 'SIGKILL')
  })
  return { gateway, row, pid }
}

/** Kills every member of the group whose command line says so. */
async function killMembers(
  pid: number,
  which: (facts: { pid: number; commandLine: string }) => boolean,
): Promise<void> {
  for (const member of await host.group(pid)) if (which(member)) process.kill(member.pid, 'SIGKILL')
}

describe('a gateway that was killed', () => {
  test('leaves no process behind, not even one that ignores signals or was forked by its server', async () => {
    const { gateway: killed, pid } = await gateway('ignores-signals', 'has-grandchild')
    expect(await host.group(pid)).toHaveLength(4)
    killed.kill('SIGKILL')
    expect(await groupGone(host, pid, 5_000)).toBe(true)
  })

  test('and whose watchdog was killed as well, is cleaned up after by the next one', async () => {
    const { gateway: killed, pid, row } = await gateway()
    await killMembers(pid, (member) => member.pid !== pid && member.commandLine.includes(row.nonce))
    killed.kill('SIGKILL')
    const store = rowsInMemory()
    store.add(row)
    const { supervisor, events } = supervised({ store })
    expect(await supervisor.reap()).toEqual(['small'])
    expect(await host.group(pid)).toEqual([])
    expect(store.list()).toEqual([])
    expect(events).toEqual([{ type: 'server.reaped', profile: 'small', pid }])
  })

  test('and whose leader is gone, is cleaned up after by the name that the rest of the group bears', async () => {
    const sleeping = spawn('sh', ['-c', 'sh -c "sleep 600 & wait" mlx-gateway-NONCE & echo up; exit'], {
      detached: true,
    })
    await once(sleeping.stdout, 'data')
    const pid = sleeping.pid ?? 0
    if (sleeping.exitCode === null) await once(sleeping, 'exit')
    const store = rowsInMemory()
    store.add({ nonce: 'NONCE', profile: 'small', port: 1, pid, startTime: 'long ago', createdAt: 0 })
    const { supervisor } = supervised({ store })
    expect(await supervisor.reap()).toEqual(['small'])
    expect(await host.group(pid)).toEqual([])
  })
})

describe('reaping', () => {
  test('spares a program that was given the pid of an old server, and drops the row', async () => {
    const innocent = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
    onTestFinished(() => void innocent.kill('SIGKILL'))
    const pid = innocent.pid ?? 0
    const startTime = (await host.process(pid))?.startTime ?? ''
    const row = { nonce: 'NONCE', profile: 'small', port: 1, pid, createdAt: 0 }
    for (const rows of [
      [{ ...row, startTime }],
      [{ ...row, nonce: '600', startTime: 'earlier' }],
      [{ ...row, startTime: null }],
      [{ ...row, pid: null, startTime: null }],
    ]) {
      const store = rowsInMemory()
      rows.forEach((row) => store.add(row))
      const { supervisor, events } = supervised({ store })
      expect(await supervisor.reap()).toEqual([])
      expect(store.list()).toEqual([])
      expect(events).toEqual([])
    }
    expect(await host.process(pid)).toMatchObject({ startTime })
  })

  test('keeps the row of what cannot be killed, and says so', async () => {
    const row = { nonce: 'NONCE', profile: 'small', port: 1, pid: 999_999_999, startTime: 's', createdAt: 0 }
    const stuck = { pid: row.pid, groupId: row.pid, startTime: 's', commandLine: 'sh mlx-gateway-NONCE' }
    const undying = { ...host, process: async () => stuck, group: async () => [stuck] }
    const store = rowsInMemory()
    store.add(row)
    const events: SupervisorEvent[] = []
    const announce = (event: SupervisorEvent) => void events.push(event)
    expect(await reap({ host: undying, store, announce, killPatience: 10 }, 10)).toEqual([])
    expect(store.list()).toEqual([row])
    expect(events).toMatchObject([{ type: 'supervisor.trouble' }])
  })
})
