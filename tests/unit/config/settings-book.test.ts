import { describe, expect, it } from 'vitest'
import { createSettingsBook, loadConfig } from '../../../src/config/config.ts'
import { atOnce, outside, whyOutside } from '../../../src/config/editable.ts'
import { leaves } from '../../../src/config/leaves.ts'
import { GatewayError } from '../../../src/errors.ts'
import { pageFile, readingFrom, type Given } from './page-given.ts'

/** A gateway's settings; `again` is what the next start finds. */
function open(given: Given = {}) {
  const disk = { text: given.page, full: false }
  const told: string[] = []
  const config = loadConfig(readingFrom(given))
  const book = createSettingsBook({
    config,
    write(file, text) {
      if (disk.full) throw new GatewayError('store_unusable', 'no space left')
      expect(file).toBe(pageFile)
      disk.text = text
    },
    changed: (path) => told.push(path),
  })
  const again = () => loadConfig(readingFrom({ ...given, ...(disk.text === undefined ? {} : { page: disk.text }) }))
  const setting = (path: string) => book.list().find((one) => one.path === path)
  return { book, config, disk, told, again, setting }
}

function refusalOf(act: () => unknown) {
  try {
    act()
  } catch (thrown) {
    if (thrown instanceof GatewayError) return { code: thrown.code, param: thrown.param, message: thrown.message }
    throw thrown
  }
  return undefined
}

describe('a setting that is changed', () => {
  it('takes effect at once where it can, in units as people write them, and is there after the next start', () => {
    const { book, told, again } = open({ file: 'scheduling: { idle: 1m }' })
    const { live } = book
    expect(book.set('scheduling.idle', '5 min')).toMatchObject({
      value: 300_000,
      inEffect: 300_000,
      origin: 'page',
      detail: `${pageFile} line 3`,
      pending: false,
      appliesAt: 'once',
    })
    book.set('memory.budget', '12 GB')
    book.set('downloads.bandwidth', '2MB')
    expect(book.live).toBe(live)
    expect(live).toMatchObject({
      scheduling: { idle: 300_000 },
      memory: { budget: { bytes: 12 * 1024 ** 3 } },
      downloads: { bandwidth: 2 * 1024 ** 2 },
    })
    expect(told).toEqual(['scheduling.idle', 'memory.budget', 'downloads.bandwidth'])
    expect(again().settings).toEqual(live)
  })

  it('waits for the next start where it must, says so, and no longer does once it is as it was', () => {
    const { book, again, setting } = open()
    const pending = { value: 3, inEffect: 8, origin: 'page', pending: true, appliesAt: 'next-start' }
    expect(book.set('scheduling.concurrency', 3)).toMatchObject(pending)
    expect(setting('scheduling.concurrency')).toMatchObject(pending)
    expect(book.live.scheduling.concurrency).toBe(8)
    expect(again().settings.scheduling.concurrency).toBe(3)
    expect(book.set('scheduling.concurrency', 8)).toMatchObject({ pending: false, origin: 'page' })
  })

  it('can be undone: back to the file or the default, whatever else was changed', () => {
    const { book, again, disk } = open({ file: 'scheduling: { idle: 1m }', page: 'scheduling: { idle: 2m, queue: 7 }' })
    book.set('downloads.bandwidth', '1MB')
    expect(book.undo('scheduling.idle')).toMatchObject({ value: 60_000, inEffect: 60_000, origin: 'file' })
    expect(book.undo('downloads.bandwidth')).toMatchObject({ value: undefined, origin: 'default' })
    expect(book.live.scheduling).toMatchObject({ idle: 60_000, queue: 7 })
    expect('bandwidth' in book.live.downloads).toBe(false)
    expect(again().settings).toEqual(book.live)
    book.undo('scheduling.queue')
    expect(disk.text).not.toMatch(/scheduling|downloads/)
  })

  it('that the page never set is left alone by an undo', () => {
    const { book, disk, told } = open({ file: 'scheduling: { idle: 1m }' })
    expect(book.undo('scheduling.idle')).toMatchObject({ value: 60_000, origin: 'file' })
    expect([disk.text, told]).toEqual([undefined, []])
  })

  it('is as before where it cannot be written down', () => {
    const { book, disk, told, setting } = open()
    disk.full = true
    expect(refusalOf(() => book.set('scheduling.idle', '5m'))?.code).toBe('store_unusable')
    expect([book.live.scheduling.idle, setting('scheduling.idle')?.origin, told]).toEqual([600_000, 'default', []])
  })

  it.each([
    '12',
    'true',
    'null',
    '~x',
    '1e3',
    '0x10',
    '2026-01-31',
    'a: b',
    '# x',
    '"',
    'ü\u2028',
    '-',
    'x'.repeat(300),
  ])('is written so that it is read again as it was: %j', (text) => {
    const { book, again } = open()
    book.set('models.folders', [text, '/abs'])
    expect(again().settings.models.folders).toEqual(book.list().find(({ path }) => path === 'models.folders')?.value)
    const [folder = ''] = again().settings.models.folders
    expect([`/home/u/.mlx-gateway/${text}`, text]).toContain(folder)
  })
})

describe('a value that cannot be', () => {
  it.each([
    ['scheduling.idle', '12 potatoes', 'scheduling.idle', '"12 potatoes" is not a duration; write for example 30s'],
    ['scheduling.idle', '25d', 'scheduling.idle', 'must be at most 24 days'],
    ['memory.budget', '150%', 'memory.budget', 'is not a memory budget'],
    ['downloads.bandwidth', 0, 'downloads.bandwidth', 'must be more than 0'],
    ['downloads.parallel', 99, 'downloads.parallel', '<=16'],
    ['downloads.parallel', '4', 'downloads.parallel', 'expected number'],
    ['log.level', 'loud', 'log.level', 'expected one of "debug"'],
    ['models.autoPull', ['good', 'no/good'], 'models.autoPull[1]', 'write an owner on the hub'],
    ['models.lmStudio', 'yes', 'models.lmStudio', 'write true, false or a path'],
    ['scheduling.idle', null, 'scheduling.idle', 'write a text, a number'],
    ['scheduling.idle', { ms: 5 }, 'scheduling.idle', 'write a text, a number'],
    ['models.autoPull', [['a']], 'models.autoPull', 'write a text, a number'],
    ['scheduling.idel', '5m', 'scheduling.idel', 'did you mean scheduling.idle?'],
    ['scheduling', '5m', 'scheduling', 'There is no such setting'],
    ['__proto__.idle', '5m', '__proto__.idle', 'There is no such setting'],
  ])('%s = %j is refused, by its name and in words that help', (path, value, param, words) => {
    const { book, config, disk, told } = open()
    const refused = refusalOf(() => book.set(path, value))
    const code = words.startsWith('There is no') || words.startsWith('did you mean') ? 'not_found' : 'invalid_request'
    expect(refused).toEqual({ code, param, message: expect.stringContaining(words) })
    expect([disk.text, told]).toEqual([undefined, []])
    expect(book.live).toEqual(config.settings)
  })
})

describe('a setting that cannot be changed here', () => {
  it.each([
    [{ environment: { MLX_GATEWAY_LOG_LEVEL: 'warn' } }, 'MLX_GATEWAY_LOG_LEVEL'],
    [{ flags: { set: ['log.level=warn'] } }, '--set log.level'],
  ])('says which is stronger: %j', (given, winner) => {
    const { book, setting } = open({ ...given, page: 'log: { level: debug }' })
    expect(setting('log.level')).toMatchObject({ value: 'warn', fixed: expect.stringContaining(winner) })
    expect(refusalOf(() => book.set('log.level', 'info'))).toEqual({
      code: 'read_only',
      param: 'log.level',
      message: expect.stringContaining(winner),
    })
  })

  it('says why it is for the file alone', () => {
    const { book, setting } = open()
    for (const path of ['server.host', 'server.port', 'auth.required', 'hub.endpoint', 'engines.python', 'profiles']) {
      expect(setting(path)?.fixed).toContain('configuration file')
      expect(refusalOf(() => book.set(path, 'x'))?.code).toBe('read_only')
    }
    expect(setting('scheduling.idle')?.fixed).toBeUndefined()
  })
})

describe('a secret', () => {
  const token = 'hf_abcdefghijklmnop'

  it('can be set and is never shown', () => {
    const { book, again, disk, setting } = open()
    expect(book.set('hub.token', token)).toMatchObject({
      value: 'set',
      inEffect: undefined,
      pending: true,
      secret: true,
    })
    expect(JSON.stringify(book.list())).not.toContain(token)
    expect(disk.text).toContain(token)
    expect(again().hub.token).toBe(token)
    expect(setting('hub.token')?.origin).toBe('page')
    expect(JSON.stringify({ ...again(), hub: undefined })).not.toContain(token)
    expect(book.set('hub.token', `${token}2`)).toMatchObject({ value: 'set', pending: true })
    expect(book.undo('hub.token')).toMatchObject({ value: undefined, origin: 'default' })
    expect(again().hub.token).toBeUndefined()
  })

  it('that takes the place of another waits for the next start, although both are shown alike', () => {
    const { book, again } = open({ page: 'hub: { token: hf_before }' })
    expect(book.set('hub.token', token)).toMatchObject({ value: 'set', inEffect: 'set', pending: true })
    expect(again().hub.token).toBe(token)
  })

  it('that is refused is not repeated', () => {
    const { book } = open()
    expect(refusalOf(() => book.set('hub.token', `${token} twice`))?.message).not.toContain(token)
  })
})

describe('the list of settings', () => {
  it('tells what a form needs to know, from the schema alone', () => {
    const { setting } = open()
    expect(setting('downloads.parallel')).toMatchObject({
      kind: 'number',
      min: 1,
      max: 16,
      unit: undefined,
      description: 'models fetched at once',
    })
    expect(setting('log.level')).toMatchObject({ kind: 'text', choices: ['debug', 'info', 'warn', 'error'] })
    expect(setting('timeouts.firstByte')).toMatchObject({ unit: 'ms', min: 1, max: 2 ** 31 - 1 })
    expect(setting('downloads.bandwidth')).toMatchObject({ unit: 'bytes', min: 1 })
    expect(setting('supervision.maxFailures')).toMatchObject({ min: 1, max: undefined })
    expect(setting('models.autoPull')).toMatchObject({ kind: 'list', value: [] })
  })

  it('names only settings that there are where it says when and why', () => {
    const paths = leaves.map(({ path }) => path)
    expect(atOnce.filter((path) => !paths.includes(path) || whyOutside(path) !== undefined)).toEqual([])
    expect(outside.filter(([prefix]) => !paths.some((path) => path.startsWith(prefix)))).toEqual([])
    expect(leaves.filter(({ description }) => description === '')).toEqual([])
  })
})
