import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runCli } from '../fixtures/run-cli.ts'
import { noOtherModels } from '../fixtures/start-gateway.ts'

const swap = join(import.meta.dirname, '../fixtures/llama-swap/config.yaml')

/** Commands on a data directory of their own, with no gateway running. */
function offline() {
  const folder = mkdtempSync(join(tmpdir(), 'mlx-gateway-profiles-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const config = join(folder, 'config.yaml')
  writeFileSync(config, JSON.stringify({ models: noOtherModels }))
  const run = (line: string, input = '') =>
    runCli([...line.split(' '), '--data', join(folder, 'data'), '--config', config], {
      environment: { HOME: folder },
      input,
    })
  return { folder, run }
}

test('profiles are printed as a file that makes the same profiles elsewhere', async () => {
  const [here, there] = [offline(), offline()]
  const file = JSON.stringify([
    { name: 'a', engine: 'command', command: ['x', '${port}'], idle: '5m' },
    { name: 'b', model: 'o/m', revision: 'v1' },
  ])
  const made = await here.run('profiles import -', file)
  expect([made.code, made.out]).toEqual([
    0,
    expect.stringMatching(/^a +made .*x was not found on PATH[^]*^b +made .*o\/m/m),
  ])
  const { code, out } = await here.run('profiles export')
  expect([code, out]).toEqual([0, expect.stringMatching(/^profiles:\n {2}- name: a\n[^]*idle: 5m\n {2}- name: b\n/)])
  const copied = await there.run('profiles import - --json', out)
  expect([copied.code, JSON.parse(copied.out)]).toMatchObject([
    0,
    { profiles: [{ action: 'create' }, { action: 'create' }] },
  ])
  expect((await there.run('profiles export')).out).toBe(out)
})

test('llama-swap’s file is taken over as far as that goes, after a look at what would be done', async () => {
  const { folder, run } = offline()
  const dry = await run(`profiles import ${swap} --dry-run`)
  expect([dry.code, dry.out]).toEqual([
    1,
    expect.stringMatching(/^qwen3-4b +would be made[^]*^gguf +would be skipped +It runs llama-server/m),
  ])
  expect(dry.err).toMatch(/^note: Not taken over: .*apiKeys/m)
  expect((await run(`profiles import ${swap}`)).out).toMatch(/^coder +made[^]*^far +skipped/m)
  const { out } = await run('profiles export')
  expect(out).toContain(`model: ${folder}/models/coder`)
  expect(out).not.toContain(readFileSync(swap, 'utf8').match(/sk-\w+/)?.[0])
})

test('a file that cannot be read is refused with why', async () => {
  const { run } = offline()
  expect(await run('profiles import -', 'hello: world')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^error: This file cannot be imported: it holds neither/),
  })
  expect(await run('profiles import /no/such/file')).toMatchObject({
    code: 1,
    err: expect.stringContaining('/no/such/file'),
  })
})
