import { describe, expect, it } from 'vitest'
import type { Model, Profile } from '../../../src/catalog/catalog.ts'
import { listing } from '../../../src/router/listing.ts'
import { modelNamed, profileFrom, profileNamed } from './named.ts'

const local = (model: Model) => ({ model, profile: { ...profileNamed(model.id), origin: 'local' as const } })
const none = () => undefined

function one(profile: Profile, model?: Model) {
  return listing([profile], [], () => model)[0]
}

describe('the list', () => {
  it('has profiles first, then local models whose name nobody has taken', () => {
    const locals = [modelNamed('a'), modelNamed('b'), modelNamed('c')].map(local)
    const list = listing([profileNamed('z', 'b'), profileNamed('a')], locals, none)
    expect(list.map(({ id, origin }) => `${id} ${origin}`)).toEqual(['z file', 'a file', 'c local'])
  })

  it('says what the model of a profile can do', () => {
    const model = modelNamed('m', { capabilities: ['chat', 'vision'], contextLength: 32_768 })
    expect(one(profileNamed('p', 'alias'), model)).toMatchObject({
      id: 'p',
      aliases: ['alias'],
      model,
      capabilities: ['chat', 'vision'],
      contextLength: 32_768,
      available: true,
    })
  })

  it('marks a profile whose model is not there', () => {
    expect(one(profileNamed('p'))).toMatchObject({ available: false, model: undefined, contextLength: undefined })
  })

  it('takes a command without a known model for one that chats', () => {
    const profile = profileFrom({ name: 'p', engine: 'command', command: ['x', '${port}'] })
    expect(one(profile)).toMatchObject({ available: true, capabilities: ['chat', 'completion'] })
  })

  it('offers the starter before it has been fetched, by any profile', () => {
    expect(one(profileFrom({ name: 'p', model: 'smollm2-135m-instruct' }))).toMatchObject({
      available: true,
      contextLength: 8192,
    })
  })

  it('leaves out a local model that can do nothing', () => {
    expect(listing([], [local(modelNamed('whisper', { capabilities: [] }))], none)).toEqual([])
  })
})
