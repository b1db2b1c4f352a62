/** The commands, each a process of its own: with and without a gateway that runs, for people and for scripts. */
import { once } from 'node:events'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { open, say } from '../fixtures/ask.ts'
import { commands, offline } from '../fixtures/commands.ts'
import { hello } from '../fixtures/gateway/client.ts'
import { furnish, type Furnished } from '../fixtures/gateway/furnish.ts'
import { follow } from '../fixtures/admin.ts'
import { runCli } from '../fixtures/run-cli.ts'
import { fakeServer } from '../fixtures/start-fake.ts'
import { type GatewayProcess, startGatewayProcess } from '../fixtures/start-gateway.ts'

const profile = (more: object = {}) => ({ name: 'lab/tiny', engine: 'command', command: ['sh', '${port}'], ...more })

describe('wrong usage', () => {
  test.each([
    [['frobnicate'], 'unknown command'],
    [['serve', '--prot', '1'], '(Did you mean --port?)'],
    [['stop'], "missing required argument 'profile'"],
    [['keys', 'create'], "missing required argument 'name'"],
    [['profiles', 'show', 'a', 'b'], 'too many arguments'],
    [['keys', 'frobnicate'], "unknown command 'keys frobnicate'"],
    [['keys', 'create', 'x', '--scope', 'root'], 'inference, metrics, admin'],
    [['keys', 'create', 'x', '--expires', '30'], 'Write for example'],
    [['ps', '--data', ''], 'It is empty'],
    [['ps', '--port', 'abc'], 'server.port (--port)'],
    [['--set', 'scheduling.idel=5m', 'ps'], 'did you mean scheduling.idle?'],
  ])('(%s) ends with 2 and says why on standard error', async (line, words) => {
    const { code, out, err } = await runCli(line)
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(words)])
  })

  test('is none where help or the version is asked for', async () => {
    const [help, version] = await Promise.all([runCli(['--help']), runCli(['--version'])])
    expect([help.code, help.err, help.out]).toEqual([0, '', expect.stringMatching(/serve[^]*ps[^]*doctor/)])
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
    expect([version.code, version.out]).toEqual([0, `${manifest.version}\n`])
  })
})

describe('without a gateway that runs', () => {
  test('what needs one says where it looked and how to start it', async () => {
    const { refused, folder } = offline()
    const data = join(folder, 'data')
    const said = `error: No gateway is running on ${data}. Start one with: mlx-gateway serve --data ${data}\n`
    for (const line of ['ps', 'logs', 'stop small']) expect(await refused(line)).toBe(said)
  })

  test('the configuration may be named before the command as well, and an option more than once', async () => {
    const { folder } = offline()
    const data = join(folder, 'data')
    const sets = ['--set', 'scheduling.idle=5m', '--set', 'scheduling.queue=7']
    for (const args of [
      ['--data', data, ...sets, 'config', '--json'],
      ['config', '--data', data, '--json', ...sets],
    ]) {
      const { dataDirectory, settings } = JSON.parse((await runCli(args)).out)
      expect([dataDirectory, settings['scheduling.idle'].value, settings['scheduling.queue'].value]).toEqual([
        data,
        300_000,
        7,
      ])
    }
    const made = await runCli([
      '--data',
      data,
      'keys',
      'create',
      '--scope',
      'metrics',
      '--scope',
      'admin',
      'two',
      '--json',
    ])
    expect(JSON.parse(made.out).key).toMatchObject({ name: 'two', scopes: ['metrics', 'admin'] })
  })

  test('whoever listens where a dead one did is told no secret, and does not stand in the way', async () => {
    const { said, refused, folder } = offline()
    await said('keys')
    const heard: string[] = []
    const server = createServer((incoming, outgoing) => {
      heard.push(`${incoming.url} ${incoming.rawHeaders.join(' ')}`)
      outgoing.setHeader('content-type', 'application/json').end('{"status":"ok","proof":"trust me","keys":[]}')
    })
    onTestFinished(() => void server.close())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    writeFileSync(join(folder, 'data', 'gateway.json'), JSON.stringify({ pid: 1, url, secret: 'of the dead' }))
    expect(await refused('ps')).toContain(`at ${url} another program answers by now. Start one with: mlx-gateway serve`)
    expect(await said('keys create laptop')).toContain('only time')
    const token = readFileSync(join(folder, 'data', 'admin-token'), 'utf8').trim()
    expect(heard).toHaveLength(2)
    expect(heard.filter((asked) => !asked.startsWith('/proof?challenge='))).toEqual([])
    expect(heard.filter((asked) => asked.includes(token) || /authorization|of the dead/i.test(asked))).toEqual([])
  })

  test('commands that come together wait for each other', async () => {
    const { said, json } = offline()
    await Promise.all(['a', 'b', 'c'].map((name) => said(`keys create ${name}`)))
    expect((await json('keys')).map(({ name }: { name: string }) => name).sort()).toEqual(['a', 'b', 'c'])
  })

  test('keys are made, shown once, listed and revoked', async () => {
    const { said, json, refused } = offline()
    expect(await said('keys')).toContain('No keys yet')
    const secret = (await said('keys create laptop --model small --expires 30d')).split('\n')[0] ?? ''
    expect(secret.length).toBeGreaterThan(20)
    const [key] = await json('keys list')
    expect(key).toMatchObject({ name: 'laptop', models: ['small'], scopes: ['inference'], revokedAt: null })
    expect(JSON.stringify(key)).not.toContain(secret)
    await said(`keys revoke ${key.id}`)
    expect(await said('keys list')).toMatch(/laptop.*revoked/)
    expect(await refused(`keys revoke ${key.id}`)).toMatch(/no key that could be revoked/i)
    expect(await refused(`keys revoke ${'x'.repeat(50_000)}`)).toMatch(/^error: Nothing is called "x{80}…" here\.\n$/)
  })

  test('profiles are made from YAML and JSON, replaced, shown and removed, one with a slash in its name as well', async () => {
    const { said, json, refused, folder } = offline()
    const file = join(folder, 'profile.yaml')
    writeFileSync(file, 'name: lab/tiny\nengine: command\ncommand: [sh, "${port}"]\nidle: 5m\n')
    expect(await said(`profiles add ${file}`)).toBe('Made lab/tiny.\n')
    expect(JSON.parse(await said('profiles show lab/tiny'))).toMatchObject({ idle: 300_000, origin: 'store' })
    const input = JSON.stringify(profile({ pinned: true }))
    expect(await said('profiles add -', { input })).toBe('Replaced lab/tiny.\n')
    expect(await json('profiles')).toMatchObject([{ name: 'lab/tiny', pinned: true }])
    await said('profiles rm lab/tiny')
    expect(await refused('profiles show lab/tiny')).toContain('no profile called "lab/tiny"')
    expect(await refused('profiles add -', { input: JSON.stringify(profile({ idles: 1 })) })).toContain('idle')
    expect(await refused('profiles add /no/such/file')).toContain('/no/such/file')
  })

  test('a profile whose model is not there is made with a warning, and shown as what it is', async () => {
    const { run, said, json } = offline()
    const input = JSON.stringify({ name: 'later', model: '/no/such/volume/model' })
    const { code, out, err } = await run('profiles add -', { input })
    expect([code, out]).toEqual([0, 'Made later.\n'])
    expect(err).toMatch(/^warning: it cannot be served for now: .*"\/no\/such\/volume\/model".*\n$/)
    expect(await said('profiles')).toMatch(/^later .* \/no\/such\/volume\/model \(not found\) .* 10m /m)
    expect(await json('profiles')).toMatchObject([{ name: 'later', available: false }])
  })

  test('what others have named commands no terminal', async () => {
    const { said, folder } = offline()
    const home = join(folder, 'models', 'clear\u001B[2J')
    mkdirSync(home, { recursive: true })
    writeFileSync(join(home, 'config.json'), '{}')
    const models = { folders: [join(folder, 'models')], huggingfaceCache: false, lmStudio: false, starter: false }
    writeFileSync(join(folder, 'config.yaml'), JSON.stringify({ models }))
    expect(await said('models')).toContain('\nincomplete: clear\uFFFD[2J\n')
  })
})

describe('with a gateway that runs', () => {
  let furnished: Furnished
  let gateway: GatewayProcess
  let cli: ReturnType<typeof commands>
  beforeAll(async () => {
    furnished = furnish([{ name: 'first' }, { name: 'never' }, { name: 'broken', mode: 'exit-at-once=1' }])
    gateway = await startGatewayProcess({ settings: furnished.settings })
    cli = commands(gateway.dataDirectory, '/dev/null')
    const asked = [
      open(gateway.url, '/chat/completions', say('first', 'hello')),
      open(gateway.url, '/chat/completions', say('broken', 'hello')),
    ]
    await Promise.all(asked.map(({ ended }) => ended))
  })
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]()
    furnished.remove()
  })

  test('ps shows its servers, why one failed, and the budget', async () => {
    const table = await cli.said('ps')
    expect(table).toMatch(/^first +ready +\S.* in \d+m +\d+ *$/m)
    expect(table).toMatch(/^broken: .*"nope"/m)
    expect(table).toMatch(/ of .* reserved\n$/)
    const { servers } = await cli.json('ps')
    expect(servers).toMatchObject([
      { profile: 'broken', state: 'failed', pid: null },
      { profile: 'first', state: 'ready', pid: expect.any(Number) },
    ])
  })

  test('logs are those of a server, named where there are several', async () => {
    expect(await cli.said('logs first')).toContain('Starting httpd')
    expect(await cli.said('logs broken')).toContain('Model type nope not supported')
    expect(await cli.refused('logs')).toContain('broken, first')
    expect(await cli.refused('logs frist')).toContain('There is no profile called "frist". Did you mean "first"?')
    expect(await cli.refused('logs ..')).toContain('Nothing is called ".." here.')
  })

  test('a key that is made works at once, and one that is revoked no more', async () => {
    const { secret, key } = await cli.json('keys create laptop')
    const status = async (): Promise<number> =>
      (await open(gateway.url, '/chat/completions', say('first', 'hello'), secret).ended).status
    expect(await status()).toBe(200)
    await cli.said(`keys revoke ${key.id}`)
    expect(await status()).toBe(401)
    expect(await cli.json('keys')).toMatchObject([{ id: key.id, lastUsedAt: expect.any(Number) }])
  })

  test('a profile that is added is served at once, and one of the file is not to be touched', async () => {
    const command = [process.execPath, fakeServer, '--port', '${port}']
    const input = JSON.stringify(profile({ name: 'lab/second', command, servedModel: 'default_model' }))
    expect(await cli.said('profiles add -', { input })).toBe('Made lab/second.\n')
    const { secret } = await cli.json('keys create another')
    const answer = await open(gateway.url, '/chat/completions', say('lab/second', 'hello'), secret).ended
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining(hello)])
    await using live = await follow(gateway)
    await cli.said('profiles rm lab/second')
    await live.until('server.stopped', (event) => event.profile === 'lab/second')
    expect(await cli.said('ps')).not.toContain('lab/second')
    const metrics = await fetch(`${gateway.url}/metrics`, {
      headers: { authorization: `Bearer ${gateway.adminToken}` },
    })
    expect(await metrics.text()).not.toContain('lab/second')
    expect(await cli.refused('profiles rm first')).toMatch(/file/)
  })

  test('an admin token that is not the gateway’s, or gone, is told of with what to do', async () => {
    const { folder, refused } = offline()
    const data = join(folder, 'data')
    mkdirSync(data)
    copyFileSync(join(gateway.dataDirectory, 'gateway.json'), join(data, 'gateway.json'))
    expect(await refused('ps')).toMatch(/admin token cannot be read: .*Restart the gateway/)
    writeFileSync(join(data, 'admin-token'), 'mgw_of_somebody_else_altogether')
    expect(await refused('ps')).toMatch(/does not know the admin token .*Restart the gateway/)
    writeFileSync(join(data, 'admin-token'), 'mgw_\u00e9\n\u2028')
    expect(await refused('ps')).toMatch(/holds no admin token/)
  })

  test('stop stops a server, and says so of one that never ran', async () => {
    expect(await cli.said('stop first')).toBe('Stopped first.\n')
    expect((await cli.json('ps')).servers).toContainEqual(
      expect.objectContaining({ profile: 'first', state: 'stopped' }),
    )
    expect(await cli.refused('stop never')).toContain('The profile "never" has had no server yet')
    expect(await cli.refused('stop frist')).toContain('There is no profile called "frist". Did you mean "first"?')
  })

  test('doctor finds it', async () => {
    expect(await cli.said('doctor')).toMatch(/^good +gateway +running *$/m)
  })
})
