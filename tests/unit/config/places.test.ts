import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/config.ts'

function places(environment: Record<string, string>, set: readonly string[] = [], pointer?: () => string) {
  const readFile = (path: string) => (path === '/home/u/.lmstudio-home-pointer' ? pointer?.() : undefined)
  return loadConfig({ flags: { set }, environment, homeDirectory: '/home/u', readFile }).modelPlaces
}
const unreadable = () => {
  throw new Error('EACCES')
}
const hub = (environment: Record<string, string>) =>
  places(environment)
    .filter(({ kind }) => kind === 'huggingface')
    .map(({ path }) => path)

describe('models are looked for', () => {
  it('in the configured folders, the Hugging Face cache and LM Studio’s folders', () => {
    expect(places({}, ['models.folders=/srv/models'])).toEqual([
      { path: '/srv/models', kind: 'folder' },
      { path: '/home/u/.cache/huggingface/hub', kind: 'huggingface' },
      { path: '/home/u/.lmstudio/models', kind: 'lmstudio' },
      { path: '/home/u/.cache/lm-studio/models', kind: 'lmstudio' },
    ])
  })

  it('in the Hugging Face cache that the environment names, as Hugging Face reads it', () => {
    expect(hub({ HF_HUB_CACHE: '/hub', HF_HOME: '/hf' })).toEqual(['/hub'])
    expect(hub({ HUGGINGFACE_HUB_CACHE: '/old', HF_HOME: '/hf' })).toEqual(['/old'])
    expect(hub({ HF_HOME: '~/hf', XDG_CACHE_HOME: '/xdg' })).toEqual(['/home/u/hf/hub'])
    expect(hub({ HF_HOME: '', XDG_CACHE_HOME: '/xdg' })).toEqual(['/xdg/huggingface/hub'])
  })

  it('where the settings say, and not where they say no', () => {
    expect(places({ HF_HOME: '/hf' }, ['models.huggingfaceCache=/mine', 'models.lmStudio=false'])).toEqual([
      { path: '/mine', kind: 'huggingface' },
    ])
    expect(places({}, ['models.huggingfaceCache=false', 'models.lmStudio=/lm'])).toEqual([
      { path: '/lm', kind: 'lmstudio' },
    ])
  })

  it('where LM Studio was moved to', () => {
    expect(places({}, [], () => '/Volumes/big/lmstudio\n')).toContainEqual({
      path: '/Volumes/big/lmstudio/models',
      kind: 'lmstudio',
    })
    expect(places({}, [], unreadable)).toEqual(places({}))
  })

  it('in each place once', () => {
    const paths = places({}, ['models.folders=/a,/a/../a,/home/u/.lmstudio/models']).map(({ path }) => path)
    expect(paths).toEqual([
      '/a',
      '/home/u/.lmstudio/models',
      '/home/u/.cache/huggingface/hub',
      '/home/u/.cache/lm-studio/models',
    ])
  })
})
