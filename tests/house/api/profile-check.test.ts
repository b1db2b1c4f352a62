import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openHouse } from '../../fixtures/gateway/house.ts'
import { tell } from '../../fixtures/gateway/tell.ts'
import { quickStart } from '../../fixtures/quick-start.ts'
import { temporaryFolder, writeModel } from '../../unit/catalog/model-folder.ts'
import { openHouse as openBare } from '../../unit/api/house.ts'

const any = { engine: 'command', command: ['my-server', '--port', '${port}'], memory: '100MB' }

/** A house that finds one model, `tiny`, in a folder of its own. */
async function open(sections: object = {}) {
  const folder = temporaryFolder()
  const model = writeModel(join(folder, 'tiny'))
  const house = await openHouse([{ name: 'of-file', aliases: ['f'] }], { ...sections, models: { folders: [folder] } })
  const check = (settings: object, replaces?: string) =>
    house.admin('POST', '/profiles/check', { settings, ...(replaces !== undefined && { replaces }) })
  return { ...house, model, check }
}

const save = (house: Awaited<ReturnType<typeof open>>, settings: object, replaces?: string) =>
  replaces === undefined
    ? tell(house, 'POST', '/profiles', settings)
    : tell(house, 'PUT', `/profiles/${replaces}`, settings)

describe('a look at a profile that is being written', () => {
  test('tells everything that is wrong with it, where, and who has its names', async () => {
    await using house = await open()
    const { problems } = await house.check({
      name: 'of-file',
      model: 'tiny',
      aliases: ['ok', 'f', 'not ok'],
      idle: 'soon',
      comand: [],
    })
    expect(problems).toEqual([
      { path: 'aliases[2]', message: expect.stringContaining('may hold only letters') },
      { path: 'idle', message: expect.stringContaining('write for example 30s') },
      { path: 'comand', message: expect.stringContaining('did you mean command?') },
      {
        path: 'name',
        message: expect.stringContaining('already belongs to profile "of-file" of the configuration file'),
      },
    ])
    await house.admin('POST', '/profiles', { name: 'unnamed', ...any })
    expect(await house.check({ name: 'not ok', ...any })).toMatchObject({ problems: [{ path: 'name' }] })
    const { problems: names } = await house.check({ name: 'new', model: 'tiny', aliases: ['x', 'f', 'of-file'] })
    expect(names.map(({ path }: { path: string }) => path)).toEqual(['aliases[1]', 'aliases[2]'])
  })

  test('has nothing against what can be saved, and its warnings are those of saving', async () => {
    await using house = await open()
    await save(house, { name: 'mine', aliases: ['m'], ...any })
    const good: readonly (readonly [settings: object, replaces?: string])[] = [
      [{ name: 'a', model: 'tiny' }],
      [{ name: 'b', model: '/no/such/model', arguments: ['--no-such-flag'] }],
      [{ name: 'mine', aliases: ['m', 'n'], ...any }, 'mine'],
    ]
    for (const [settings, replaces] of good) {
      const { problems, warnings } = await house.check(settings, replaces)
      const saved = await save(house, settings, replaces)
      expect([saved.status < 300, saved.body.warnings, problems]).toEqual([true, warnings, []])
    }
  })

  test('has something against what cannot be saved, in the words of saving', async () => {
    await using house = await open()
    await save(house, { name: 'mine', aliases: ['m'], ...any })
    const bad: readonly (readonly [settings: object, replaces?: string])[] = [
      [{}],
      [{ name: 'a' }],
      [{ name: 'm', ...any }],
      [{ name: 'a', ...any, command: ['x'] }],
      [{ name: 'a', ...any, aliases: ['b', 'b'] }],
      [{ name: 'of-file', ...any }, 'mine'],
      [{ name: 'of-file', ...any }, 'of-file'],
    ]
    for (const [settings, replaces] of bad) {
      const { problems } = await house.check(settings, replaces)
      const refused = await save(house, settings, replaces)
      expect([refused.status >= 400, refused.body.error.message]).toEqual([
        true,
        expect.stringContaining(problems[0].message),
      ])
    }
    expect(await house.check({ name: 'b', ...any }, 'nobody')).toMatchObject({ problems: [{ path: '' }] })
    expect(await save(house, { name: 'b', ...any }, 'nobody')).toMatchObject({ status: 404 })
  })

  test('takes no notice of who is being edited, but of what cannot be', async () => {
    await using house = await open()
    await house.admin('POST', '/profiles', { name: 'mine', aliases: ['m'], ...any })
    expect(await house.check({ name: 'mine', aliases: ['m'], ...any })).toMatchObject({ problems: [{}, {}] })
    expect(await house.check({ name: 'mine', aliases: ['m'], ...any }, 'mine')).toMatchObject({ problems: [] })
    expect(await house.check({ name: 'x', ...any }, 'of-file')).toMatchObject({
      problems: [{ path: '', message: expect.stringContaining('declared in the configuration file') }],
    })
  })

  test('shows the very command line that will run', async () => {
    await using house = await open()
    const settings = { name: 'mine', model: 'tiny', concurrency: 3, arguments: ['--temp', '0.5'], memory: '100MB' }
    const { problems, warnings, command } = await house.check(settings)
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] })
    await house.admin('POST', '/profiles', { ...settings, environment: quickStart })
    await house.warm('mine')
    const fake = await house.fake('mine')
    const { arguments: given } = await fake.seen()
    const port = String((await house.server('mine'))?.port)
    expect(command[0]).toMatch(/\/mlx_lm\.server$/)
    expect(command.slice(1)).toEqual(given.map((argument) => (argument === port ? '<port>' : argument)))
  })

  test('never shows what stands in the environment', async () => {
    await using house = await open()
    const secret = { environment: { HF_TOKEN: 'hf_secret' }, memory: '100MB' }
    for (const kind of [{ model: 'tiny' }, { engine: 'command', command: [process.execPath, '${port}'] }]) {
      const looked = await house.check({ name: 'mine', ...kind, ...secret })
      expect(looked.command).toContain(kind.model === undefined ? '<port>' : '--port')
      expect(JSON.stringify(looked)).not.toContain('hf_secret')
    }
  })

  test('warns of what it can be saved with but not served: its model, its program, its flags', async () => {
    await using house = await open()
    const warned = async (settings: object) => {
      const { problems, warnings, command } = await house.check({ name: 'mine', ...settings })
      expect({ problems, command }).toEqual({ problems: [], command: null })
      return warnings
    }
    expect(await warned({ model: 'nobody/has-it' })).toEqual([
      expect.stringContaining('mlx-gateway pull nobody/has-it'),
    ])
    expect(await warned(any)).toEqual([expect.stringContaining('my-server was not found on PATH')])
    expect(await warned({ model: 'tiny', arguments: ['--tempp', '1', '--port', '2'] })).toEqual([
      expect.stringMatching(/no flag --tempp\. Did you mean --temp\?.* --port is set by the gateway/),
    ])
    rmSync(join(house.model, 'model.safetensors'))
    expect(await warned({ model: 'tiny' })).toEqual([expect.stringContaining('tiny')])
  })

  test('foretells its memory as the scheduler will set it aside, beside all servers but its own', async () => {
    await using house = await open({ memory: { budget: '1GB', default: '200MB' } })
    const settings = { name: 'mine', model: 'tiny', environment: quickStart }
    const { memory } = await house.check(settings)
    expect(memory).toMatchObject({ weightBytes: 1164, context: 2048, budgetBytes: 1024 ** 3, fit: 'fits' })
    expect(memory.contextBytes).toBeGreaterThan(0)
    const made = await house.admin('POST', '/profiles', settings)
    expect(made).toMatchObject({ reservedBytes: memory.reservedBytes })
    await house.warm('mine')
    const { reservedBytes } = (await house.server('mine')) ?? {}
    expect(memory.reservedBytes).toBe(reservedBytes)
    expect(memory.freeBytes).toBe(1024 ** 3)

    const large = { model: 'tiny', memory: '800MB' }
    expect(await house.check({ name: 'mine', ...large }, 'mine')).toMatchObject({ memory: { fit: 'fits' } })
    expect(await house.check({ name: 'other', ...large })).toMatchObject({
      memory: { fit: 'fits alone', reservedBytes: 800 * 1024 ** 2, freeBytes: 1024 ** 3 - (reservedBytes ?? 0) },
    })
    expect(await house.check({ name: 'other', model: 'tiny', memory: '2GB' })).toMatchObject({
      memory: { fit: 'does not fit' },
    })
    const unknown = { weightBytes: null, contextBytes: null, context: null }
    const server = { name: 'other', engine: 'command', command: [process.execPath, '${port}'] }
    expect(await house.check(server)).toMatchObject({ memory: { ...unknown, reservedBytes: 200 * 1024 ** 2 } })
    expect(await house.check({ name: 'other', model: '/nowhere' })).toMatchObject({ memory: null })
  })

  test('changes nothing and starts nothing', async () => {
    await using house = await open()
    const before = await house.admin('GET', '/profiles')
    await house.check({ name: 'mine', model: 'tiny' })
    await house.check({ name: 'of-file', model: 'tiny' }, 'of-file')
    expect(await house.admin('GET', '/profiles')).toEqual(before)
    expect(house.events.filter(({ type }) => /^(profile|server)\./.test(type))).toEqual([])
  })
})

test('before an engine is installed, its command line is that of the one that will be', async () => {
  await using house = await openBare({ file: 'models: { folders: [./shelf] }' })
  const model = writeModel(join(house.path, 'shelf', 'tiny'))
  const settings = { name: 'mine', model: '~/shelf/tiny', arguments: ['--temp', '1'] }
  const { body } = await house.tell('POST', '/profiles/check', { settings })
  expect(body).toMatchObject({ problems: [], warnings: [] })
  const { command } = body as { command: string[] }
  expect(command.join(' ')).toMatch(/^mlx_lm\.server --model (\S+) --host 127\.0\.0\.1 --port <port> .* --temp 1$/)
  expect(command[2]).toBe(model)
})

test('the fields of a profile are described for a form, with what the house takes where they are not given', async () => {
  await using house = await openBare({ file: 'scheduling: { idle: 7m, concurrency: 3 }' })
  const { body } = await house.tell('GET', '/profiles/fields')
  expect(body).toMatchObject({
    fields: expect.arrayContaining([
      expect.objectContaining({ name: 'engine', enum: ['mlx-lm', 'command'], default: 'mlx-lm' }),
    ]),
  })
  expect(body).toMatchObject({
    fields: expect.arrayContaining([
      expect.objectContaining({ name: 'idle', unit: 'ms', default: 420_000, required: false }),
      expect.objectContaining({ name: 'concurrency', kind: 'number', default: 3, max: 1024 }),
      expect.objectContaining({ name: 'model', default: null }),
    ]),
  })
})

test('a profile tells what it was given, so that it can be edited without what is the house’s own', async () => {
  await using house = await openBare()
  const given = { name: 'mine', ...any, idle: '5m' }
  const { body } = await house.tell('POST', '/profiles', given)
  expect(body).toMatchObject({ concurrency: 8, settings: { name: 'mine', idle: 300_000, memory: 100 * 1024 ** 2 } })
  expect(body).not.toHaveProperty('settings.concurrency')
  expect(body).not.toHaveProperty('usual')
  const { settings } = body as { settings: object }
  expect(await house.tell('PUT', '/profiles/mine', settings)).toMatchObject({ status: 200, body: { settings } })
})
