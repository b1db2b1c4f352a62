import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadConfig, type Config } from '../../../src/config/config.ts'
import { messageOf } from '../../../src/errors.ts'

interface Given {
  readonly environment?: Record<string, string>
  readonly set?: readonly string[]
  readonly file?: string
  readonly files?: Record<string, string>
}

function load({ environment = {}, set = [], file, files = {} }: Given): Config {
  const all = { ...files, ...(file === undefined ? {} : { '/home/u/.mlx-gateway/config.yaml': file }) }
  const found = new Map(Object.entries(all))
  const readFile = (path: string) => found.get(path)
  return loadConfig({ flags: { set }, environment, homeDirectory: '/home/u', readFile })
}
const hub = (given: Given) => load(given).hub
const usual = '/home/u/.cache/huggingface/token'
/** With a token noted at this path. */
const tokenAt = (path: string, environment: Record<string, string>) =>
  hub({ files: { [path]: 'hf_x' }, environment }).token
/** What the refusal of this configuration says. */
function refusal(given: Given): string {
  try {
    load(given)
    return ''
  } catch (thrown) {
    return messageOf(thrown)
  }
}
const autoPull = (given: Given) => load(given).settings.models.autoPull
const unreadable = (path: string): undefined => {
  if (path === usual) throw new Error('EACCES')
}

describe('the hub is', () => {
  it('the public one, unless the settings or HF_ENDPOINT name another', () => {
    expect(hub({}).endpoint).toBe('https://huggingface.co')
    expect(hub({ environment: { HF_ENDPOINT: '' } }).endpoint).toBe('https://huggingface.co')
    const environment = { HF_ENDPOINT: 'https://mirror.test/' }
    expect(hub({ environment }).endpoint).toBe('https://mirror.test')
    expect(hub({ environment, set: ['hub.endpoint=http://127.0.0.1:9/base//'] }).endpoint).toBe(
      'http://127.0.0.1:9/base',
    )
  })

  it.each([
    'mirror.test',
    'ftp://mirror.test',
    'https://',
    'https://me:secret@mirror.test',
    'https://mirror.test/?a=b',
    '',
  ])('never at the address %j', (endpoint) => {
    expect(() => load({ file: `hub: { endpoint: '${endpoint}' }` })).toThrow(/hub\.endpoint.*write an address/)
  })

  it('never at a wrong HF_ENDPOINT, which is named and not repeated', () => {
    const given = { environment: { HF_ENDPOINT: 'https://me:secret@mirror.test' } }
    expect(refusal(given)).toMatch(/HF_ENDPOINT: write an address/)
    expect(refusal(given)).not.toMatch(/secret/)
  })

  it('asked for nothing where the settings or the environment say so', () => {
    expect(hub({}).offline).toBe(false)
    for (const written of ['1', 'true', 'YES', 'on'])
      expect(hub({ environment: { HF_HUB_OFFLINE: written } }).offline).toBe(true)
    expect(hub({ environment: { TRANSFORMERS_OFFLINE: '1' } }).offline).toBe(true)
    expect(hub({ environment: { HF_HUB_OFFLINE: '0' } }).offline).toBe(false)
    expect(hub({ environment: { HF_HUB_OFFLINE: '1' }, set: ['hub.offline=false'] }).offline).toBe(false)
    expect(hub({ set: ['hub.offline=true'] }).offline).toBe(true)
  })
})

describe('the hub’s token is', () => {
  it('the one in the settings, before those of the environment, before the one that the hub’s tools noted', () => {
    const files = { [usual]: ' hf_file\n' }
    const file = 'hub: { token: hf_settings }'
    const environment = { HF_TOKEN: 'hf_environment\n', HUGGING_FACE_HUB_TOKEN: 'hf_old' }
    expect(hub({ files, environment, file }).token).toBe('hf_settings')
    expect(hub({ files, environment }).token).toBe('hf_environment')
    expect(hub({ files, environment: { HUGGING_FACE_HUB_TOKEN: 'hf_old' } }).token).toBe('hf_old')
    expect(hub({ files }).token).toBe('hf_file')
    expect(hub({}).token).toBeUndefined()
    expect(hub({ environment: { MLX_GATEWAY_HUB_TOKEN: 'hf_own' } }).token).toBe('hf_own')
  })

  it('looked for where the hub’s tools note it', () => {
    expect(tokenAt('/t', { HF_TOKEN_PATH: '/t', HF_HOME: '/hf' })).toBe('hf_x')
    expect(tokenAt('/home/u/hf/token', { HF_HOME: '~/hf', XDG_CACHE_HOME: '/xdg' })).toBe('hf_x')
    expect(tokenAt('/xdg/huggingface/token', { XDG_CACHE_HOME: '/xdg' })).toBe('hf_x')
  })

  it('none where their note cannot be read or holds none, or they are told to keep it to themselves', () => {
    const sources = { flags: {}, environment: {}, homeDirectory: '/home/u', readFile: unreadable }
    expect(loadConfig(sources).hub.token).toBeUndefined()
    expect(hub({ files: { [usual]: 'not a\ttoken' } }).token).toBeUndefined()
    const environment = { HF_HUB_DISABLE_IMPLICIT_TOKEN: '1', HF_TOKEN: 'hf_x' }
    expect(hub({ environment }).token).toBeUndefined()
    expect(hub({ environment, file: 'hub: { token: hf_settings }' }).token).toBe('hf_settings')
  })

  it('nowhere but in its one place, and shown as set', () => {
    const { hub, ...shown } = load({ file: 'hub: { token: hf_secret }' })
    expect(hub.token).toBe('hf_secret')
    expect(inspect(shown, { depth: 20 })).not.toContain('hf_secret')
    expect(shown.origins['hub.token']).toMatchObject({ value: 'set', origin: 'file' })
    expect(load({}).origins['hub.token']).toMatchObject({ value: undefined, origin: 'default' })
  })

  it('told of with who says so, never with what it is, where the settings say nothing', () => {
    const environment = { HF_ENDPOINT: 'https://mirror.test/', HF_TOKEN: 'hf_secret', HF_HUB_OFFLINE: '0' }
    const { hub: _, ...shown } = load({ environment })
    expect(shown.elsewhere).toEqual({
      'hub.endpoint': { value: 'https://mirror.test', origin: 'environment', detail: 'HF_ENDPOINT' },
      'hub.token': { value: 'set', origin: 'environment', detail: 'HF_TOKEN' },
      'hub.offline': { value: false, origin: 'environment', detail: 'HF_HUB_OFFLINE' },
    })
    expect(inspect(shown, { depth: 20 })).not.toContain('hf_secret')
    const noted = load({ files: { [usual]: 'hf_secret' } })
    expect(noted.elsewhere).toEqual({ 'hub.token': { value: 'set', origin: 'file', detail: usual } })
    const file = 'hub: { endpoint: "https://own.test", token: hf_own, offline: true }'
    expect(load({ environment, file }).elsewhere).toEqual({})
  })

  it('refused without being repeated where it is none', () => {
    const given = { file: 'hub: { token: "hf_sec ret" }' }
    expect(refusal(given)).toMatch(/hub\.token \(.* line 1\): write one word/)
    expect(refusal(given)).not.toMatch(/ret"/)
  })

  it('not taken from the command line, which everybody can read', () => {
    const given = { set: ['hub.token=hf_secret'] }
    expect(refusal(given)).toMatch(/--set hub\.token: every process can read a command line.*MLX_GATEWAY_HUB_TOKEN/)
    expect(refusal(given)).not.toMatch(/hf_secret/)
  })
})

describe('downloads', () => {
  it('have their defaults, and sizes and durations as people write them', () => {
    expect(load({}).settings.downloads).toEqual({
      parallel: 2,
      connections: 4,
      keepFree: 1024 ** 3,
      stall: 30_000,
      attempts: 6,
    })
    const file = 'downloads: { bandwidth: 20MB, keepFree: 5GB, stall: 1m }'
    expect(load({ file }).settings.downloads).toMatchObject({
      bandwidth: 20 * 1024 ** 2,
      keepFree: 5 * 1024 ** 3,
      stall: 60_000,
    })
    expect(() => load({ file: 'downloads: { bandwidth: 0 }' })).toThrow(/downloads\.bandwidth.*more than 0/)
  })

  it('on demand are off, or for some owners, or for all', () => {
    expect(autoPull({})).toEqual([])
    expect(autoPull({ set: ['models.autoPull=mlx-community,me'] })).toEqual(['mlx-community', 'me'])
    expect(autoPull({ file: 'models: { autoPull: ["*"] }' })).toEqual(['*'])
    for (const owner of ['a/b', '../x', 'a b', '**']) {
      expect(() => autoPull({ file: `models: { autoPull: ['${owner}'] }` })).toThrow(/write an owner/)
    }
  })
})
