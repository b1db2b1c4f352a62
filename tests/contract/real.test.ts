/** The real mlx_lm.server keeps the contract that its stand-in is held to. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { freePort, startServer } from '../fixtures/start-fake.ts'
import { serverContract } from './server.contract.ts'

const engine = inject('engine')

serverContract(async ({ broken, port } = {}) => {
  const model = broken ? await mkdtemp(join(tmpdir(), 'no-model-')) : engine.scripted
  const chosen = port ?? (await freePort())
  return startServer(engine.executable, ['--model', model, '--port', String(chosen)], chosen, engine.environment)
})
