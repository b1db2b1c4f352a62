import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { say } from '../fixtures/ask.ts'
import { ask, hello } from '../fixtures/gateway/client.ts'
import { startFakeHub, written } from '../fixtures/hub/fake-hub.ts'
import { runCli } from '../fixtures/run-cli.ts'
import { startGatewayProcess } from '../fixtures/start-gateway.ts'

const engine = inject('engine')
const id = 'maker/scripted'

test('a model that was pulled is loaded by the real server, with no hub to ask any more', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'pulled-'))
  onTestFinished(() => rm(cache, { recursive: true, force: true }))
  await using hub = await startFakeHub()
  const files = await Promise.all(
    (await readdir(engine.scripted)).map(async (name) => [name, written(await readFile(join(engine.scripted, name)))]),
  )
  hub.add({ id, files: Object.fromEntries(files) })
  await using gateway = await startGatewayProcess({
    settings: {
      hub: { endpoint: hub.endpoint },
      downloads: { keepFree: 0 },
      models: { huggingfaceCache: cache, lmStudio: false, starter: false },
      engines: { 'mlx-lm': { executable: engine.executable } },
    },
  })
  const pulled = await runCli(['pull', id, '--wait', '--data', gateway.dataDirectory])
  expect([pulled.code, pulled.out]).toEqual([0, expect.stringContaining(`${id} is on disk`)])
  await hub.close()

  const { status, body } = await ask(gateway.url, say(id, 'hello'))
  expect([status, body.choices[0].message.content]).toEqual([200, hello])
})
