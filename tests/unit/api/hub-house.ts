/** A house whose hub is a fake one, with one model on it. */
import { join } from 'node:path'
import { startFakeHub, written } from '../../fixtures/hub/fake-hub.ts'
import type { Files } from '../../fixtures/hub/repository.ts'
import { wholeModel } from '../../fixtures/hub/whole-model.ts'
import { homeOf, writeRevision } from '../catalog/hub-cache.ts'
import { openHouse } from './house.ts'

export const SMALL = 'maker/Small-4bit'
export const inUrl = encodeURIComponent(SMALL)

export async function openHubHouse(files: Files = wholeModel(), more: object = {}) {
  await using stack = new AsyncDisposableStack()
  const fake = stack.use(await startFakeHub())
  const commit = fake.add({ id: SMALL, files, license: 'apache-2.0', downloads: 42, tags: ['mlx', '4-bit'] })
  const settings = {
    hub: { endpoint: fake.endpoint },
    downloads: { keepFree: 0 },
    models: { lmStudio: false, starter: false },
    ...more,
  }
  const house = stack.use(await openHouse({ file: JSON.stringify(settings) }))
  const kept = stack.move()
  const cache = join(house.path, '.cache/huggingface/hub')
  return {
    ...house,
    fake,
    commit,
    cache,
    home: homeOf(cache, SMALL),
    /** Puts a model into the cache, as if Python had pulled it. */
    async bring(id = SMALL, at = commit): Promise<void> {
      const whole = Object.entries(files).map(([path, given]) => {
        const content = typeof given === 'string' ? written(given) : given
        return [path, content.read(0, content.bytes)] as const
      })
      writeRevision(cache, id, at, { files: Object.fromEntries(whole), refs: ['main'] })
      await house.tell('POST', '/models/refresh')
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
