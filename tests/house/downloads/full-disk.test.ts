import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { furnish, MEBIBYTE } from '../../fixtures/downloads/furnish.ts'
import { generated } from '../../fixtures/hub/fake-hub.ts'
import { smallDisk } from '../../fixtures/small-disk.ts'

const program = join(import.meta.dirname, '../../fixtures/programs/full-disk.ts')

test('a disk that is full, or fills up, stops a transfer with the reason; with room again it goes on to the right file', async () => {
  const weights = generated(40 * MEBIBYTE)
  await using world = await furnish({
    files: { 'config.json': '{}', 'model.safetensors': weights },
    hub: { pace: 5 * MEBIBYTE },
  })
  using disk = smallDisk(80)
  const [file, ...line] = disk.command(process.execPath, program, disk.path, JSON.stringify(world.job()))
  const { stdout } = await promisify(execFile)(file, line)
  const [before, full, kept, done, ...files] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

  expect(before).toMatchObject({ code: 'disk_full', bytes: 0 })
  expect(before.message).toMatch(/There is no room on the disk of .*: 21 MB are free, 42 MB more are needed/)
  expect(full).toMatchObject({ code: 'disk_full', resumed: 0 })
  expect(full.message).toMatch(/There is no space left on the disk of .*ENOSPC/)
  expect(kept).toMatchObject({ code: 'disk_full' })
  expect(kept.message).toMatch(/: \d+ MB are free, a download has come that far, and 8 MB are to stay free/)
  expect(kept.resumed).toBeGreaterThan(3 * MEBIBYTE)
  expect(done).toMatchObject({ code: 'done' })
  expect(done.resumed).toBeGreaterThan(12 * MEBIBYTE)
  expect(files).toEqual(world.files.map(({ path, blob }) => ({ path, digits: blob })))
  expect(world.sent()).toBeLessThan(weights.bytes + 12 * MEBIBYTE)
})
