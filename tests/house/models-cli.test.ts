/** Models on the command line: found, looked at, verified, mended and deleted. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { commandsOn } from '../fixtures/gateway/commands.ts'
import { MEBIBYTE, SMALL } from '../fixtures/gateway/hub-house.ts'
import { wholeModel } from '../fixtures/hub/whole-model.ts'
import { heldIn } from '../unit/catalog/hub-cache.ts'

describe('search', () => {
  test('shows what there is, how large it is and whether it fits, of several words and wishes', async () => {
    await using made = await commandsOn()
    made.hub.add({
      id: 'maker/Gated-8bit',
      gated: 'manual',
      files: wholeModel(),
      license: 'other',
      tags: ['mlx', '8-bit'],
    })
    const table = await made.said('search', 'small', '4bit')
    expect(table).toMatch(/^model +weights +fits +needs +context +licence +gated +here$/m)
    expect(table).toMatch(/^maker\/Small-4bit +4 MB, \S+ +yes +\d+ MB +2048 +apache-2\.0 +no +no$/m)
    expect(table).toMatch(/\nAll servers together may hold [\d.]+ GB\.\n$/)
    expect(table).not.toContain('Gated')
    const found = JSON.parse(await made.said('search', '--bits', '8', '--max-size', '1GB', '--json'))
    expect(found).toMatchObject({ hits: [{ id: 'maker/Gated-8bit', gated: 'manual' }], offline: false })
    expect(await made.said('search', '--owner', 'maker', '--max-size', '1KB', '--limit', '3')).toBe('Nothing found.\n')
    const wrong = await made.run('search', 'x', '--max-size', 'big')
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('Write a size, for example 8GB.')])
  })

  test('says once why something is not known of many', async () => {
    await using made = await commandsOn()
    for (const id of ['maker/Gated-1', 'maker/Gated-2', 'maker/Gated-3']) {
      made.hub.add({ id, gated: 'auto', files: wholeModel(), tags: ['mlx', '4-bit'] })
    }
    const { code, out, err } = await made.run('search', 'gated')
    expect([code, out.match(/^maker\/Gated-\d .* – .* auto +no$/gm)]).toEqual([
      0,
      expect.objectContaining({ length: 3 }),
    ])
    expect(err).toMatch(/^maker\/Gated-\d is given only to people who accepted .* The same holds for 2 more\.\n$/)
  })

  test('without a hub shows what is here, and says so', async () => {
    await using made = await commandsOn()
    await made.said('pull', SMALL)
    await made.hub.close()
    const { code, out, err } = await made.run('search', 'small')
    expect([code, out]).toEqual([0, expect.stringMatching(/^maker\/Small-4bit .* yes .* yes$/m)])
    expect(err).toMatch(/cannot be reached.*\nThese are the models on this machine\.\n$/s)
  })
})

describe('models', () => {
  test('shows size, revisions and use of each, those that are newer on the hub, and what they take', async () => {
    await using made = await commandsOn()
    await made.said('pull', SMALL)
    await made.said('models', 'du')
    expect(await made.said('models')).toMatch(/^maker\/Small-4bit +4 MB, \S+ +2048 +main +never +–$/m)
    const use = JSON.parse(await made.said('models', 'du', '--json'))
    expect(use.totalBytes).toBe(heldIn(made.home))
    expect(await made.said('models', 'du')).toMatch(
      /^maker\/Small-4bit +4 MB +0 bytes +Hugging Face cache\n\n4 MB in all\n.* free for .* \(Hugging Face cache\)$/m,
    )
    expect(await made.said('models', 'updates')).toBe('Every model is as new as the hub’s.\n')
    made.hub.commit(SMALL, wholeModel())
    const newer = await made.said('models', 'updates')
    expect(newer).toMatch(/^maker\/Small-4bit +main +\w{12} +\w{12}$/m)
    expect(newer).toMatch(/\nmlx-gateway pull maker\/Small-4bit gets the newer one\.\n$/)
    made.hub.misbehave({ host: 'api', url: SMALL, fault: { kind: 'status', status: 404 } })
    const none = await made.said('models', 'updates')
    expect(none).toMatch(/^Nothing newer is known of\.\n\nmaker\/Small-4bit: .* has no maker\/Small-4bit\./)
  })

  test('is told of within a terminal of 80 columns, however long the name', async () => {
    await using made = await commandsOn()
    const long = 'mlx-community/Qwen3-Coder-30B-A3B-Instruct-4bit'
    made.hub.add({ id: long, files: wholeModel(), license: 'apache-2.0', tags: ['mlx', '4-bit'] })
    await made.said('pull', SMALL, long)
    for (const line of [['search', 'qwen3'], ['downloads'], ['models'], ['models', 'du']]) {
      const { code, out } = await made.typed('', ...line)
      const table = out.slice(0, out.indexOf('\n\n')).split('\n')
      expect([code, table.filter((row) => row.length > 80 || row.endsWith(' '))]).toEqual([0, []])
      expect(out).toContain(`${long}  `)
      expect(out).toMatch(/\nIn a wider window also: \w/)
    }
  })

  test('tells how to go on with one that is not whole', async () => {
    await using made = await commandsOn({ hub: { pace: MEBIBYTE } })
    await using gateway = await made.start()
    expect(gateway.pid).toBeGreaterThan(0)
    await made.said('pull', SMALL)
    await vi.waitFor(async () => {
      expect(JSON.parse(await made.said('downloads', '--json')).downloads[0].bytes).toBeGreaterThan(MEBIBYTE)
    }, 30_000)
    expect(await made.said('downloads', 'pause', '1')).toContain(`${SMALL}: paused`)
    await fetch(`${gateway.url}/admin/api/models/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.adminToken}` },
    })
    expect(await made.said('models')).toContain(`resume: mlx-gateway pull ${SMALL}\n`)
    expect(await made.said('downloads', 'cancel', '1')).toBe(`${SMALL}: cancelled\n`)
  })

  test('rm says what it frees and what it freed, and asks whoever sits at a terminal', async () => {
    await using made = await commandsOn()
    await made.said('pull', SMALL)
    await made.said('models', 'du')
    const held = heldIn(made.cache)
    const kept = await made.typed('n\n', 'models', 'rm', SMALL)
    expect(kept).toMatchObject({ code: 0, out: 'Nothing was deleted.\n' })
    expect(kept.err).toContain(`Delete ${SMALL} in ${made.home}? That frees 4 MB. [y/N]`)
    expect(heldIn(made.cache)).toBe(held)
    expect(await made.typed('y\n', 'models', 'rm', `${SMALL}@main`)).toMatchObject({
      code: 0,
      out: `Deleted ${SMALL}@main; 4 MB freed.\n`,
    })
    expect(heldIn(made.cache)).toBe(0)
    expect(await made.run('models', 'rm', SMALL)).toMatchObject({
      code: 1,
      err: expect.stringContaining('No model is called'),
    })
  })

  test('rm with --yes does not ask, nor does it in a script', async () => {
    await using made = await commandsOn()
    for (const remove of [
      () => made.typed('', 'models', 'rm', SMALL, '--yes'),
      () => made.run('models', 'rm', SMALL),
    ]) {
      await made.said('pull', SMALL)
      expect(await remove()).toMatchObject({ code: 0, out: `Deleted ${SMALL}; 4 MB freed.\n` })
    }
  })

  test('verify finds what is broken, and mends it with nothing else fetched', async () => {
    await using made = await commandsOn()
    await made.said('pull', SMALL)
    expect(await made.said('models', 'verify', SMALL)).toMatch(/^maker\/Small-4bit: of 4 files 4 right\.$/m)
    const weights = join(made.home, 'snapshots', made.commit, 'model.safetensors')
    const bytes = readFileSync(weights)
    bytes[bytes.length - 100] = 255 - (bytes.at(-100) ?? 0)
    writeFileSync(weights, bytes)

    const broken = await made.run('models', 'verify', `${SMALL}@main`)
    expect([broken.code, broken.out]).toEqual([
      1,
      expect.stringMatching(/^model\.safetensors +broken +its sha256 is /m),
    ])
    expect(broken.err).toContain(`mlx-gateway models verify ${SMALL}@main --repair`)
    made.hub.forget()
    const mended = await made.run('models', 'verify', SMALL, '--repair', '--json')
    expect([mended.code, JSON.parse(mended.out)]).toEqual([0, expect.objectContaining({ repaired: true })])
    expect(made.isRight()).toBe(true)
    const fetched = made.hub.requests.flatMap(({ path, sent }) => (path !== undefined && sent > 0 ? path : []))
    expect(fetched).toEqual(['model.safetensors'])
    expect(await made.said('models', 'verify', SMALL)).toContain('of 4 files 4 right.')
  })

  test('verify misses what is gone with its name, and says where nobody knows what should be there', async () => {
    await using made = await commandsOn()
    await made.said('pull', SMALL)
    rmSync(join(made.home, 'snapshots', made.commit, 'tokenizer.json'))
    const { code, out } = await made.run('models', 'verify', SMALL)
    expect([code, out]).toEqual([1, expect.stringMatching(/^tokenizer\.json +missing +/m)])
    expect(out).toMatch(/: of 4 files 3 right, 1 missing\.\n$/)

    await made.said('downloads', 'rm', '--all')
    await made.hub.close()
    const unknown = await made.said('models', 'verify', SMALL)
    expect(unknown).toMatch(/: of 3 files 3 right\.\nWhether files are missing is not known: .* cannot be reached/)
  })

  test('verify throws nothing away that the hub cannot give again', async () => {
    await using made = await commandsOn()
    await made.said('pull', SMALL)
    const config = join(made.home, 'snapshots', made.commit, 'config.json')
    writeFileSync(config, readFileSync(config, 'utf8').replace('64', '65'))
    await made.hub.close()
    const { code, err } = await made.run('models', 'verify', SMALL, '--repair')
    expect([code, err]).toEqual([1, expect.stringContaining('cannot be reached')])
    expect(readFileSync(config, 'utf8')).toContain('65')
  })
})
