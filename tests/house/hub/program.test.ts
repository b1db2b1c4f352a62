import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hubAt, never } from '../../fixtures/hub/furnish.ts'

test('the fake hub as a program of its own holds what it was told to, and ends with its standard input', async () => {
  const program = join(import.meta.dirname, '../../fixtures/hub/main.ts')
  const child = spawn(process.execPath, [program, '--model', 'a/Big=300000000'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
  const hub = hubAt({ endpoint: String(line).trim(), token: undefined, offline: false })
  const { hits } = await hub.search({ text: 'big', limit: 1 }, never)
  expect(hits).toMatchObject([{ id: 'a/Big', weightsBytes: 300_000_000, quantization: '4-bit' }])
  await hub.close()
  child.stdin.end()
  expect(await exited).toEqual([0, null])
})
