import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { STARTER } from '../../src/catalog/catalog.ts'
import { modelList } from '../../src/wire/openai.ts'
import { barePath, findProgram } from '../fixtures/bare-path.ts'
import { startGatewayProcess } from '../fixtures/start-gateway.ts'

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'package-'))
const npm = await realpath(await findProgram('npm'))
const path = await barePath({ npm })
const environment = { ...process.env, PATH: path }
const command = join(folder, 'prefix/bin/mlx-gateway')
const dataDirectory = join(folder, 'data')
afterAll(() => Promise.all([folder, path].map((one) => rm(one, { recursive: true, force: true }))))

async function mlxGateway(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(command, [...args, '--data', dataDirectory], { env: environment })
  return stdout
}

test('npm pack makes a package that is installed where there is no compiler', async () => {
  const root = join(import.meta.dirname, '../..')
  await run(process.execPath, [npm, 'pack', '--pack-destination', folder], { cwd: root })
  const [tarball = ''] = await readdir(folder)
  const flags = ['--global', '--prefix', join(folder, 'prefix'), '--no-audit', '--no-fund', '--prefer-offline']
  await run('npm', ['install', ...flags, join(folder, tarball)], { env: environment })
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const { stdout } = await run(command, ['--version'], { env: environment })
  expect(stdout).toBe(`${version}\n`)
})

test('its command tells its settings', async () => {
  expect(JSON.parse(await mlxGateway('config', '--json', '--port', '1'))).toMatchObject({ dataDirectory })
})

test('its command serves, and lists the starter model', async () => {
  const options = { command: [command] as const, environment, dataDirectory }
  await using gateway = await startGatewayProcess({
    ...options,
    args: ['--set', 'models.huggingfaceCache=false', '--set', 'models.lmStudio=false'],
  })
  expect(await (await fetch(`${gateway.url}/livez`)).json()).toEqual({ status: 'ok' })
  const { data } = modelList.parse(await (await fetch(`${gateway.url}/v1/models`)).json())
  expect(data.map(({ id }) => id)).toEqual([STARTER.id])
  const { models } = JSON.parse(await mlxGateway('models', 'list', '--json'))
  expect(models).toEqual([])
  expect(await gateway.stop()).toBe(0)
})
