/** A configuration file as a person writes it: it works as it stands, says what is missing, and serves when that is there. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { say } from '../fixtures/ask.ts'
import { ask, hello } from '../fixtures/gateway/client.ts'
import { runCli } from '../fixtures/run-cli.ts'
import { doorsOf, fakeServer } from '../fixtures/start-fake.ts'
import { servers } from '../fixtures/admin.ts'
import { startGatewayProcess } from '../fixtures/start-gateway.ts'
import { writeModel } from '../unit/catalog/model-folder.ts'

const written = `server: { host: 127.0.0.1, port: 8090 }
models: { folders: [/srv/models], huggingfaceCache: true, lmStudio: true }
memory: { budget: 70% }              # or 24GB
engines: { mlx-lm: { executable: /opt/venv/bin/mlx_lm.server } }   # optional; otherwise installed and kept by the gateway
profiles:
  - { name: small, aliases: [gpt-4o-mini], model: /srv/models/smol, idle: 10m, concurrency: 8, defaults: { temperature: 0.2 } }
  - { name: any-server, engine: command, command: [my-server, --port, "\${port}"], memory: 300MB, idle: 5m }
`

/** A home with the file in it, where its paths lead into that home if `furnished`. */
function home(furnished: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'mlx-gateway-home-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
  const file = join(folder, 'gateway.yaml')
  const environment = { PATH: `${folder}/bin:${process.env['PATH']}`, HOME: folder }
  writeFileSync(file, furnished ? written.replaceAll(/\/(?=srv|opt)/g, `${folder}/`) : written)
  if (furnished) {
    const stand = (path: string, ...more: readonly string[]) => {
      mkdirSync(join(folder, path, '..'), { recursive: true })
      const script = `#!/bin/sh\nexec '${process.execPath}' '${fakeServer}' "$@" ${more.join(' ')}\n`
      writeFileSync(join(folder, path), script, { mode: 0o755 })
    }
    stand('opt/venv/bin/mlx_lm.server')
    stand('bin/my-server', '--model', 'any-server')
    writeModel(join(folder, 'srv/models/smol'))
  }
  const dataDirectory = join(folder, 'data')
  return { folder, file, environment, dataDirectory, args: ['--config', file] }
}

async function listed(url: string): Promise<string[]> {
  const { data } = JSON.parse(await (await fetch(`${url}/v1/models`)).text())
  return data.map(({ id }: { id: string }) => id)
}

describe('the file of the manual', () => {
  test('starts a gateway where nothing that it names is there, and each is named when it is asked for', async () => {
    const { args, environment, dataDirectory } = home(false)
    await using gateway = await startGatewayProcess({ args, environment, dataDirectory })
    expect(await listed(gateway.url)).not.toContain('small')
    const words = {
      small: '/srv/models/smol',
      'gpt-4o-mini': '/srv/models/smol',
      'any-server': 'my-server was not found on PATH',
    }
    for (const [name, missing] of Object.entries(words)) {
      const { status, body } = await ask(gateway.url, say(name, 'hello'))
      expect([status, body.error.message]).toEqual([503, expect.stringContaining(missing)])
    }
    expect(await gateway.stop()).toBe(0)
  })

  test('serves both profiles where all is there, as it says', async () => {
    const { args, environment, dataDirectory } = home(true)
    await using gateway = await startGatewayProcess({ args, environment, dataDirectory })
    expect(await listed(gateway.url)).toEqual(expect.arrayContaining(['small', 'any-server']))
    for (const name of ['small', 'gpt-4o-mini', 'any-server']) {
      const { status, body } = await ask(gateway.url, say(name, 'hello'))
      expect([status, body.model, body.choices?.[0].message.content]).toEqual([200, name, hello])
    }
    const { servers: running, budgetBytes } = await servers(gateway)
    const [other, small] = running
    expect([other?.profile, other?.reservedBytes, small?.profile]).toEqual(['any-server', 300 * 1024 ** 2, 'small'])
    expect(Number(other?.unloadAt) - Number(other?.lastUsed)).toBe(5 * 60_000)
    expect(Number(small?.unloadAt) - Number(small?.lastUsed)).toBe(10 * 60_000)
    expect(budgetBytes).toBeGreaterThan(0)
    const seen = await doorsOf(`http://127.0.0.1:${small?.port}`).seen()
    expect(seen.arguments.join(' ')).toContain('--decode-concurrency 8')
    expect(seen.requests.at(-1)?.body).toMatchObject({ temperature: 0.2 })
  })

  test('is shown with the origin of every setting', async () => {
    const { args, environment, dataDirectory, file } = home(false)
    const shown = ['config', ...args, '--data', dataDirectory, '--port', '1234', '--set', 'scheduling.idle=5m']
    const variable = { MLX_GATEWAY_LOG_LEVEL: 'warn' }
    const table = await runCli(shown, { environment: { ...environment, ...variable } })
    expect([table.code, table.err]).toEqual([0, ''])
    const lines = table.out.split('\n').map((line) => line.split(/ {2,}/).slice(0, 3))
    expect(lines).toEqual(
      expect.arrayContaining([
        ['server.host', '"127.0.0.1"', `file (${file} line 1)`],
        ['server.port', '1234', 'flag (--port)'],
        ['memory.budget', '70%', `file (${file} line 3)`],
        ['scheduling.idle', '5m', 'flag (--set scheduling.idle)'],
        ['scheduling.queue', '128', 'default'],
        ['log.level', '"warn"', 'environment (MLX_GATEWAY_LOG_LEVEL)'],
        ['profiles', 'small, any-server', `file (${file} line 5)`],
      ]),
    )
    const json = await runCli([...shown, '--json'], { environment })
    const { settings } = JSON.parse(json.out)
    expect(settings['server.port']).toEqual({ value: 1234, origin: 'flag', detail: '--port' })
    expect(settings['profiles'].value[1]).toMatchObject({ name: 'any-server', memory: 300 * 1024 ** 2 })
  })
})

describe('a file that is wrong', () => {
  test('starts nothing, and every mistake is named with its line and the nearest name', async () => {
    const { file, environment, dataDirectory } = home(false)
    writeFileSync(
      file,
      'servr: { port: 1 }\nmemory: { budget: 12 potatoes }\nprofiles:\n  - { name: x, engin: command }\n',
    )
    const { code, out, err } = await runCli(['serve', '--config', file, '--data', dataDirectory], { environment })
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^error: The configuration cannot be used:/)
    expect(err).toMatch(/line 1.*server/)
    expect(err).toMatch(/line 2.*12 potatoes/)
    expect(err).toMatch(/line 4.*engine/)
  })

  test('is told apart from one that is not there', async () => {
    const { environment, folder } = home(false)
    const { code, err } = await runCli(['serve', '--config', join(folder, 'no.yaml')], { environment })
    expect([code, err]).toEqual([1, expect.stringContaining('there is no such file')])
  })
})
