import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, describe, expect, it } from 'vitest'
import type { CatalogEvent } from '../../../src/catalog/catalog.ts'
import { createReader } from '../../../src/catalog/reader.ts'
import { GatewayError } from '../../../src/errors.ts'
import { openStore, type Store } from '../../../src/store/store.ts'
import { temporaryFolder, tinyConfig, writeFiles, writeModel } from '../../unit/catalog/model-folder.ts'

const quiet = () => {}

function refuse(): never {
  throw new GatewayError('store_unusable', 'The disk is full.')
}

function setUp() {
  const store = openStore(temporaryFolder())
  onTestFinished(() => store.close())
  const folder = writeModel(join(temporaryFolder(), 'tiny'))
  utimesSync(join(folder, 'config.json'), 1000, 1000)
  const candidate = { id: 'tiny', source: 'folder', path: folder, roots: [folder] } as const
  return { facts: store.modelFacts, folder, candidate }
}

/** Spoils what the folder says, keeping names, sizes and times: only somebody who reads it again can notice. */
function spoil(folder: string): void {
  const path = join(folder, 'config.json')
  writeFileSync(path, readFileSync(path, 'utf8').replace('"llama"', '"gemma"'))
  utimesSync(path, 1000, 1000)
}

function damage(facts: Store['modelFacts'], folder: string, json: string): void {
  const row = facts.get(folder)
  if (row !== undefined) facts.set({ ...row, facts: json })
}

describe('the reader', () => {
  it('gives the same object while nothing has changed, and a new one when a file has', async () => {
    const { facts, folder, candidate } = setUp()
    const reader = createReader(facts, quiet)
    const model = await reader.read(candidate)
    expect(await reader.read(candidate)).toBe(model)
    writeFiles(folder, { 'config.json': { ...tinyConfig, vocab_size: 1000 } })
    expect((await reader.read(candidate)).facts.vocabSize).toBe(1000)
  })

  it('notices a file that has come or gone', async () => {
    const { facts, folder, candidate } = setUp()
    const reader = createReader(facts, quiet)
    await reader.read(candidate)
    writeFiles(folder, { 'chat_template.jinja': '{{ tools }}' })
    expect((await reader.read(candidate)).facts.capabilities).toContain('tools')
  })

  it('does not read an unchanged folder again after a restart', async () => {
    const { facts, folder, candidate } = setUp()
    await createReader(facts, quiet).read(candidate)
    spoil(folder)
    expect((await createReader(facts, quiet).read(candidate)).facts.modelType).toBe('llama')
  })

  it.each(['{"modelType":', '{}', 'null'])(
    'reads a folder again whose remembered facts are damaged: %s',
    async (json) => {
      const { facts, folder, candidate } = setUp()
      await createReader(facts, quiet).read(candidate)
      spoil(folder)
      damage(facts, folder, json)
      expect((await createReader(facts, quiet).read(candidate)).facts.modelType).toBe('gemma')
    },
  )

  it('forgets folders that are no longer wanted', async () => {
    const { facts, folder, candidate } = setUp()
    const reader = createReader(facts, quiet)
    await reader.read(candidate)
    reader.keep(new Set([folder]))
    expect(facts.get(folder)).toBeDefined()
    reader.keep(new Set())
    expect(facts.get(folder)).toBeUndefined()
  })

  it('reads models all the same where nothing can be remembered, and says so once', async () => {
    const { folder, candidate } = setUp()
    const events: CatalogEvent[] = []
    const reader = createReader({ get: refuse, set: refuse, remove: refuse }, (event) => events.push(event))
    const model = await reader.read(candidate)
    expect([model.facts.modelType, await reader.read(candidate)]).toEqual(['llama', model])
    for (const paths of [new Set([folder]), new Set<string>(), new Set<string>()]) reader.keep(paths)
    const message = 'What was read of models cannot be kept: The disk is full.'
    expect(events).toEqual([{ type: 'catalog.trouble', message }])
  })

  it('knows a folder by another name when asked for it so', async () => {
    const { facts, candidate } = setUp()
    const reader = createReader(facts, quiet)
    await reader.read(candidate)
    expect((await reader.read({ ...candidate, id: 'other' })).id).toBe('other')
  })
})
