/** What the commands tell of this machine and of the settings. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { offline } from '../fixtures/commands.ts'

describe('doctor and config', () => {
  test('doctor ends with 1 where it found a problem, and says what to do', async () => {
    const { run, said, folder } = offline()
    expect(await said('doctor')).not.toContain('What to do')
    await run('profiles add -', { input: JSON.stringify({ name: 'later', model: '/no/such/volume/model' }) })
    for (const line of ['doctor', 'doctor --json']) expect((await run(line)).code).toBe(1)
    const { out, err } = await run('doctor')
    expect(out).toMatch(/^problem +profile later +its model was not found: \/no\/such\/volume\/model *$/m)
    expect([err, out]).toEqual(['', expect.stringMatching(/\nWhat to do:\n {2}profile later: put the model there/)])
    await said('profiles rm later')
    const open = await run('doctor --host 0.0.0.0')
    expect([open.code, open.out]).toEqual([1, expect.stringMatching(/^ {2}gateway: .*mlx-gateway keys create/m)])
    writeFileSync(join(folder, 'data', 'admin-token'), 'short')
    const broken = await run('doctor')
    expect([broken.code, broken.out]).toEqual([1, expect.stringMatching(/^ {2}gateway: .*admin-token.*Delete it/m)])
  })

  test('config shows amounts as people write them, and raw ones to scripts', async () => {
    const { json, said } = offline()
    const given = ['scheduling.idle=65s', 'server.maxBody=48MB', 'memory.budget=70%']
    const line = `config ${given.map((setting) => `--set ${setting}`).join(' ')}`
    const rows = (await said(line)).split('\n').map((row) => row.split(/\s{2,}/))
    expect(rows.map(([setting, value]) => `${setting}=${value}`)).toEqual(expect.arrayContaining(given))
    expect((await json(line)).settings).toMatchObject({
      'scheduling.idle': { value: 65_000 },
      'server.maxBody': { value: 48 * 1024 ** 2 },
    })
  })

  test('doctor and config tell which hub is asked, with what, and who says so', async () => {
    const { run, said, folder } = offline()
    const environment = { HF_ENDPOINT: 'https://mirror.test', HF_TOKEN: 'hf_secret', HF_HUB_OFFLINE: '1' }
    const config = await said('config', { environment })
    expect(config).toMatch(/^hub\.endpoint +"https:\/\/mirror\.test" +environment \(HF_ENDPOINT\)$/m)
    expect(config).toMatch(/^hub\.token +"set" +environment \(HF_TOKEN\)$/m)
    expect(config).toMatch(/^hub\.offline +true +environment \(HF_HUB_OFFLINE\)$/m)
    const line = `doctor --set models.huggingfaceCache=${folder}`
    const { out } = await run(line, { environment })
    const hub = 'https://mirror.test, token set (HF_TOKEN), offline: nothing is asked of it (HF_HUB_OFFLINE)'
    expect(out).toContain(`  ${hub}\n`)
    expect(out).toMatch(/^good +models disk +[\d.]+ [GT]B free for /m)
    expect(config + out).not.toContain('hf_secret')
    expect(await said('doctor')).toMatch(/^good +hub +https:\/\/huggingface\.co, no token$/m)
    const full = await run(`${line} --set downloads.keepFree=900TB`)
    expect(full.out).toMatch(
      /^warning +models disk .*\n[^]* {2}models disk: free some space: downloads wait while less than/m,
    )
  })

  test('doctor, models, engines and config tell what there is', async () => {
    const { json, said } = offline()
    expect(await json('models')).toEqual({ models: [] })
    expect(await json('engines')).toMatchObject([{ name: 'mlx-lm', state: 'not installed' }])
    expect((await json('config')).settings['server.port']).toMatchObject({ value: 8090, origin: 'default' })
    const matters = (await json('doctor')).map(({ matter }: { matter: string }) => matter)
    expect(matters).toEqual(['memory', 'disk', 'hub', 'gateway', 'engine mlx-lm', 'models'])
    expect(await said('doctor')).toContain('not running; start it with: mlx-gateway serve')
  })
})
