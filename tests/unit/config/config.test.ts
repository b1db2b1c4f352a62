import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig, type Config, type Flags } from '../../../src/config/config.ts'
import { GatewayError } from '../../../src/errors.ts'

interface Given {
  readonly flags?: Flags
  readonly environment?: Record<string, string>
  /** Files by path; `file` is short for the one in the data directory. */
  readonly files?: Record<string, string>
  readonly file?: string
}

function load({ flags = {}, environment = {}, files = {}, file }: Given): Config {
  const all = { ...files, ...(file === undefined ? {} : { '/home/u/.mlx-gateway/config.yaml': file }) }
  const found = new Map(Object.entries(all))
  const readFile = (path: string) => found.get(path)
  return loadConfig({ flags, environment, homeDirectory: '/home/u', workingDirectory: '/current here', readFile })
}

const port = (given: Given) => load(given).settings.server.port

/** The lines of the refusal. */
function problems(given: Given): readonly string[] {
  try {
    load(given)
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.code === 'invalid_config') return thrown.message.split('\n').slice(1)
    throw thrown
  }
  return []
}

const readmeFile = `
server: { host: 127.0.0.1, port: 8090 }
models: { folders: [/srv/models], huggingfaceCache: true, lmStudio: true }
memory: { budget: 70% }              # or 24GB
engines: { mlx-lm: { executable: /opt/venv/bin/mlx_lm.server } }   # optional; otherwise installed and kept by the gateway
profiles:
  - { name: small, aliases: [gpt-4o-mini], model: /srv/models/smol, idle: 10m, concurrency: 8, defaults: { temperature: 0.2 } }
  - { name: any-server, engine: command, command: [my-server, --port, "\${port}"], memory: 300MB, idle: 5m }
`

describe('the file', () => {
  it('of the documentation loads as it stands', () => {
    const { settings, file } = load({ file: readmeFile })
    expect(file).toBe('/home/u/.mlx-gateway/config.yaml')
    expect(settings.memory.budget).toEqual({ share: 0.7 })
    expect(settings.engines['mlx-lm'].executable).toBe('/opt/venv/bin/mlx_lm.server')
    expect(settings.profiles).toMatchObject([
      { name: 'small', aliases: ['gpt-4o-mini'], idle: 600_000, concurrency: 8, defaults: { temperature: 0.2 } },
      { name: 'any-server', command: ['my-server', '--port', '${port}'], memory: 300 * 1024 ** 2, idle: 300_000 },
    ])
  })

  it('is not needed', () => {
    const { settings, file, dataDirectory } = load({})
    expect(file).toBeUndefined()
    expect(dataDirectory).toBe('/home/u/.mlx-gateway')
    expect(settings.server).toMatchObject({ host: '127.0.0.1', port: 8090 })
  })

  it('may be empty, and so may a section', () => {
    expect(load({ file: '# nothing yet\n' }).settings.server.port).toBe(8090)
    expect(load({ file: 'server:\nauth: { required: }\n' }).settings.server.port).toBe(8090)
  })

  it('named by the flag is read rather than the one named by the environment, rather than the one in the data directory', () => {
    const files = { '/a/flag.yaml': 'server: { port: 1 }', '/current here/env.yaml': 'server: { port: 2 }' }
    const file = 'server: { port: 3 }'
    const environment = { MLX_GATEWAY_CONFIG: 'env.yaml' }
    expect(port({ files, file, environment, flags: { config: '/a/flag.yaml' } })).toBe(1)
    expect(port({ files, file, environment })).toBe(2)
    expect(port({ files, file })).toBe(3)
  })

  it('that was named must be there', () => {
    expect(problems({ flags: { config: '~/gone.yaml' } })).toEqual(['  /home/u/gone.yaml: there is no such file'])
  })

  it.each([
    ['a: [', 'at line 1, column'],
    ['server: { port: 1 }\nserver: { port: 2 }', 'unique at line 2'],
    ['server: !!js/function x', 'Unresolved tag'],
    ['server: *nobody', 'Unresolved alias'],
    ['- 1', 'must hold settings'],
    ['just words', 'must hold settings'],
  ])('that is no YAML of settings is refused: %j', (file, words) => {
    expect(problems({ file })).toEqual([expect.stringContaining(words)])
  })
})

describe('the order', () => {
  it('is default, file, environment, flag, and each value tells which it came from', () => {
    const { settings, origins } = load({
      file: '\n\nserver:\n  host: 0.0.0.0\n  port: 1\n  maxBody: 1MB\n  drain: 1s',
      environment: { MLX_GATEWAY_SERVER_PORT: '2', MLX_GATEWAY_SERVER_MAX_BODY: '2MB' },
      flags: { port: '3', set: ['server.drain=4s'] },
    })
    expect(settings.server).toMatchObject({ host: '0.0.0.0', port: 3, maxBody: 2 * 1024 ** 2, drain: 4_000 })
    const file = '/home/u/.mlx-gateway/config.yaml'
    expect(origins).toMatchObject({
      'server.host': { value: '0.0.0.0', origin: 'file', detail: `${file} line 4` },
      'server.port': { value: 3, origin: 'flag', detail: '--port' },
      'server.maxBody': { value: 2 * 1024 ** 2, origin: 'environment', detail: 'MLX_GATEWAY_SERVER_MAX_BODY' },
      'server.drain': { value: 4_000, origin: 'flag', detail: '--set server.drain' },
      'server.keepAlive': { value: 65_000, origin: 'default', detail: 'default' },
    })
  })

  it('lets --set overrule its short flag, being written in full', () => {
    expect(load({ flags: { host: '::1', set: ['server.host=127.0.0.2'] } }).settings.server.host).toBe('127.0.0.2')
  })

  it('holds for the data directory too', () => {
    const environment = { MLX_GATEWAY_DATA: '~/elsewhere' }
    expect(load({ environment }).dataDirectory).toBe('/home/u/elsewhere')
    expect(load({ environment, flags: { data: 'here' } }).dataDirectory).toBe('/current here/here')
  })

  it('takes lists with commas or as JSON, truths and numbers from the environment, and an empty variable as not set', () => {
    const { settings } = load({
      environment: {
        MLX_GATEWAY_SERVER_ALLOWED_HOSTS: 'one.local, two.local',
        MLX_GATEWAY_MODELS_FOLDERS: '["/a,b"]',
        MLX_GATEWAY_MODELS_STARTER: 'false',
        MLX_GATEWAY_MODELS_LM_STUDIO: '/lm',
        MLX_GATEWAY_MODELS_HUGGINGFACE_CACHE: 'false',
        MLX_GATEWAY_SCHEDULING_CONCURRENCY: '3',
        MLX_GATEWAY_SCHEDULING_IDLE: '1500',
        MLX_GATEWAY_ENGINES_MLX_LM_EXECUTABLE: '/bin/x',
        MLX_GATEWAY_PROFILES: '[{"name":"a","model":"o/m"}]',
        MLX_GATEWAY_SERVER_HOST: '',
        PATH: '/bin',
      },
    })
    expect(settings.server.allowedHosts).toEqual(['one.local', 'two.local'])
    expect(settings.models).toMatchObject({
      folders: ['/a,b'],
      starter: false,
      lmStudio: '/lm',
      huggingfaceCache: false,
    })
    expect(settings.scheduling).toMatchObject({ concurrency: 3, idle: 1_500 })
    expect(settings.engines['mlx-lm'].executable).toBe('/bin/x')
    expect(settings.profiles).toMatchObject([{ name: 'a', model: 'o/m' }])
    expect(settings.server.host).toBe('127.0.0.1')
  })
})

describe('what is wrong', () => {
  it('is told all at once, with its place', () => {
    const file =
      'server:\n  prot: 1\n  maxBody: lots\nscheduling: { concurrency: 0 }\nprofiles:\n  - { name: a b, model: m }\n'
    const place = '/home/u/.mlx-gateway/config.yaml line'
    const environment = { MLX_GATEWAY_SERVER_PROT: '1', MLX_GATEWAY_MODELS_STARTER: 'maybe' }
    expect(problems({ file, environment, flags: { port: '99999', set: ['server.prt=1', 'x'] } }).toSorted()).toEqual([
      '  --set server.prt: there is no such setting; did you mean server.port?',
      '  --set x: write path=value, for example --set server.port=8091',
      '  MLX_GATEWAY_SERVER_PROT: there is no such setting; did you mean MLX_GATEWAY_SERVER_PORT?',
      '  models.starter (MLX_GATEWAY_MODELS_STARTER): expected boolean, received string',
      `  profiles[0].name (${place} 6): may hold only letters, digits, . _ : - and one /`,
      `  scheduling.concurrency (${place} 4): Too small: expected number to be >=1`,
      `  server.maxBody (${place} 3): "lots" is not a size; write for example 300MB or 24GB`,
      '  server.port (--port): Too big: expected number to be <=65535',
      `  server.prot (${place} 2): there is no such setting; did you mean server.port?`,
    ])
  })

  it.each([
    ['port: 1', 'did you mean server.port?'],
    ['sever: { port: 1 }', 'did you mean server?'],
    ['server: { zzzzzz: 1 }', 'known here: host, port,'],
    ['profiles: [{ name: a, model: m, alias: [b] }]', 'did you mean profiles[0].aliases?'],
    ['engines: { mlx_lm: { executable: x } }', 'did you mean engines.mlx-lm?'],
    ['"__proto__": { port: 1 }', 'there is no such setting'],
  ])('names the setting that was meant by %s', (file, words) => {
    expect(problems({ file })).toEqual([expect.stringContaining(words)])
  })

  it.each([
    ['server: 5', 'server (', 'expected object'],
    ['models: { lmStudio: yes }', 'models.lmStudio (', 'write true, false or a path'],
    ['timeouts: { heartbeat: 0 }', 'timeouts.heartbeat (', 'longer than 0'],
    ['profiles: [5]', 'profiles[0] (', 'expected object'],
    ['profiles: [{ model: m }]', 'profiles[0].name (', 'is missing'],
  ])('is said of %s', (file, where, words) => {
    expect(problems({ file })).toEqual([expect.stringContaining(where)])
    expect(problems({ file })).toEqual([expect.stringContaining(words)])
  })

  it('includes a section that is none, though the environment sets something in it', () => {
    const environment = { MLX_GATEWAY_SERVER_PORT: '1' }
    expect(problems({ file: 'server: 5', environment })).toEqual([expect.stringContaining('server (')])
  })

  it('includes names that two profiles share, and what the fields of each must be for each other', () => {
    const file = `profiles:
  - { name: a, aliases: [b], model: m }
  - { name: b, aliases: [c, a], model: m }
  - { name: d, aliases: [d], engine: command, command: [x] }
  - { name: e, nonsense: 1 }`
    expect(problems({ file }).map((line) => line.replace(/ \(.*?\)/, ''))).toEqual([
      expect.stringContaining('profiles[3].nonsense: there is no such setting'),
      '  profiles[1].name: "b" is a name of profile "a" already',
      '  profiles[1].aliases[1]: "a" is a name of profile "a" already',
      expect.stringContaining('profiles[2].command: must hold ${port}'),
      '  profiles[2].aliases[0]: "d" is a name of this profile already',
    ])
  })
})

describe('paths', () => {
  it('lead from home, from the folder of the file, or from where the command was given', () => {
    const file = `
models: { folders: [~/m, near, /abs], lmStudio: ~/lm }
engines: { mlx-lm: { executable: ./bin/server }, python: python3.12 }
profiles:
  - { name: a, model: ~/m/a, adapter: ./lora, draftModel: owner/repo }
  - { name: b, engine: command, command: [~/bin/serve, "\${port}", ~/x] }`
    const { settings } = load({ files: { '/etc/gw/c.yaml': file }, flags: { config: '/etc/gw/c.yaml' } })
    expect(settings.models).toMatchObject({ folders: ['/home/u/m', '/etc/gw/near', '/abs'], lmStudio: '/home/u/lm' })
    expect(settings.engines).toEqual({ 'mlx-lm': { executable: '/etc/gw/bin/server' }, python: 'python3.12' })
    expect(settings.profiles).toMatchObject([
      { model: '/home/u/m/a', adapter: '/etc/gw/lora', draftModel: 'owner/repo' },
      { command: ['/home/u/bin/serve', '${port}', '~/x'] },
    ])
    expect(load({ file, flags: { set: ['models.folders=near'] } }).settings.models.folders).toEqual([
      '/current here/near',
    ])
  })
})

describe('a real disk', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'mlx-gateway-config-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))
  const onDisk = (flags: Flags) => loadConfig({ flags, environment: {}, homeDirectory: directory })

  it('holds the file in the data directory', () => {
    mkdirSync(join(directory, '.mlx-gateway'))
    expect(onDisk({}).file).toBeUndefined()
    writeFileSync(join(directory, '.mlx-gateway', 'config.yaml'), 'server: { port: 7 }')
    expect(onDisk({}).settings.server.port).toBe(7)
  })

  it('may hold a directory where the file should be, which is refused', () => {
    expect(() => onDisk({ config: directory })).toThrow(expect.objectContaining({ code: 'invalid_config' }))
  })
})
