import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runProgram } from '../../../src/engines/program.ts'
import { never } from '../../unit/engines/served.ts'

const environment = { PATH: process.env['PATH'] ?? '' }
const sh = (body: string) => ({ file: '/bin/sh', arguments: ['-c', body], environment })

/** A program that holds a connection open as long as it lives: what is left of it can be seen without looking at processes. */
async function witness(): Promise<{ program: ReturnType<typeof sh>; alive: Promise<Socket> }> {
  const server: Server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const code = `require('net').connect(${address.port},'127.0.0.1').on('close',()=>process.exit())`
  const program = { file: '/bin/sh', arguments: ['-c', '"$0" -e "$1" & wait', process.execPath, code], environment }
  return { program, alive: once(server, 'connection').then(([socket]: Socket[]) => present(socket)) }
}

function present(socket: Socket | undefined): Socket {
  if (socket === undefined) throw new Error('no connection')
  // A killed process resets its connection.
  return socket.on('error', () => {})
}

describe('a program', () => {
  test('gives its lines in order, those of both outputs, and its exit code', async () => {
    const lines: string[] = []
    const outcome = await runProgram(sh('echo one; echo two >&2; printf three; exit 7'), never, (line) =>
      lines.push(line),
    )
    expect(lines).toEqual(['one', 'two', 'three'])
    expect(outcome).toEqual({ code: 7, lines })
  })

  test('sees only the environment and the arguments it is given', async () => {
    const program = { file: 'env', arguments: [], environment: { ...environment, ONE: 'a b' } }
    const { lines } = await runProgram(program, never)
    const names = lines.map((line) => line.split('=', 1)[0])
    expect(lines).toContain('ONE=a b')
    expect(names).not.toContain('HOME')
  })

  test('can ask nothing: its input is empty', async () => {
    expect(await runProgram(sh('read -r answer; echo "[$answer]"'), never)).toEqual({ code: 0, lines: ['[]'] })
  })

  test('that cannot be found ends with 127', async () => {
    expect((await runProgram({ file: '/nowhere/at-all', arguments: [], environment }, never)).code).toBe(127)
  })

  test('is killed with all it started when the signal aborts, and rejects with its reason', async () => {
    const { program, alive } = await witness()
    const controller = new AbortController()
    const running = runProgram(program, controller.signal)
    const socket = await alive
    const gone = once(socket, 'close')
    controller.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
    await gone
  })

  test('does not start when the signal has aborted already', async () => {
    await expect(runProgram(sh('exit 0'), AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
  })

  test('is killed with all it started when the gateway is killed', async () => {
    const { program, alive } = await witness()
    const code = `
      import { runProgram } from ${JSON.stringify(new URL('../../../src/engines/program.ts', import.meta.url).href)}
      await runProgram(${JSON.stringify(program)}, new AbortController().signal)`
    const gateway = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' })
    const socket = await alive
    const gone = once(socket, 'close')
    gateway.kill('SIGKILL')
    await gone
    expect(socket.destroyed).toBe(true)
  })
})
