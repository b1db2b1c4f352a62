import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/config.ts'
import { GatewayError } from '../../../src/errors.ts'
import { pageFile, readingFrom, type Given } from './page-given.ts'

const load = (given: Given) => loadConfig(readingFrom(given))

function problems(given: Given): readonly string[] {
  try {
    load(given)
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.code === 'invalid_config') return thrown.message.split('\n').slice(1)
    throw thrown
  }
  return []
}

describe('what the admin page has written', () => {
  it('is stronger than the file and weaker than environment and flags, setting by setting', () => {
    const { settings, origins } = load({
      file: 'scheduling:\n  idle: 1m\n  queue: 1\n  concurrency: 1\n  queueTotal: 1',
      page: '# by the page\nscheduling:\n  queue: 2\n  concurrency: 2\n  queueTotal: 2',
      environment: { MLX_GATEWAY_SCHEDULING_CONCURRENCY: '3' },
      flags: { set: ['scheduling.queueTotal=4'] },
    })
    expect(settings.scheduling).toMatchObject({ idle: 60_000, queue: 2, concurrency: 3, queueTotal: 4 })
    expect(origins).toMatchObject({
      'scheduling.idle': { origin: 'file' },
      'scheduling.queue': { value: 2, origin: 'page', detail: `${pageFile} line 3` },
      'scheduling.concurrency': { origin: 'environment' },
      'scheduling.queueTotal': { origin: 'flag' },
      'scheduling.queueTimeout': { origin: 'default' },
    })
  })

  it('takes the place of a whole list, and an empty section sets nothing', () => {
    const file = 'models: { autoPull: [one, two] }\nscheduling: { idle: 1m }'
    const { settings } = load({ file, page: 'models: { autoPull: [three] }\nscheduling:\n' })
    expect(settings.models.autoPull).toEqual(['three'])
    expect(settings.scheduling.idle).toBe(60_000)
  })

  it('is read like the file where it is wrong, each mistake with its own place', () => {
    const given = {
      file: 'log: { level: loud }\nmemory:\n  default: 1GB',
      page: 'memory:\n  budget: 12 potatoes\nschedulin: { idle: 1m }\ndownloads: 5',
    }
    expect(problems(given).toSorted()).toEqual([
      `  downloads (${pageFile} line 4): expected object, received number`,
      expect.stringContaining('  log.level (/home/u/.mlx-gateway/config.yaml line 1): expected one of'),
      `  memory.budget (${pageFile} line 2): "12 potatoes" is not a memory budget; write for example 70% or 24GB`,
      `  schedulin (${pageFile} line 3): there is no such setting; did you mean scheduling?`,
    ])
    expect(problems({ page: 'a: [' })).toEqual([expect.stringContaining(`  ${pageFile}: `)])
  })

  it('is refused where it holds what no page may change', () => {
    const page = 'server:\n  host: 0.0.0.0\nauth: { required: false }\nprofiles: [{ name: a, model: m }]'
    expect(problems({ page })).toEqual([
      expect.stringMatching(
        / {2}server\.host \(.*settings\.yaml line 2\): cannot be set here; write it into config\.yaml/,
      ),
      expect.stringContaining('  auth.required ('),
      expect.stringContaining('  profiles ('),
    ])
  })

  it('has paths that lead from its own folder, or from home', () => {
    const { settings } = load({ page: 'models: { folders: [~/m, near] }', flags: { config: '/etc/gw.yaml' }, file: '' })
    expect(settings.models.folders).toEqual(['/home/u/m', '/home/u/.mlx-gateway/near'])
  })
})
