import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { buildGateway } from '../../fixtures/built.ts'
import { furnish, MEBIBYTE } from '../../fixtures/downloads/furnish.ts'
import { generated, sha256Of } from '../../fixtures/hub/fake-hub.ts'
import type { Measured } from '../../fixtures/programs/large-transfer.ts'

const program = join(import.meta.dirname, '../../fixtures/programs/large-transfer.ts')

test('a transfer of 2 GB makes the gateway grow by 50 MB at most', async () => {
  const weights = generated(2048 * MEBIBYTE)
  await using built = await buildGateway()
  await using world = await furnish({ files: { 'model.safetensors': weights } })
  const line = ['--expose-gc', '--max-semi-space-size=4', program, built.folder, JSON.stringify(world.job())]
  const { stdout } = await promisify(execFile)(process.execPath, line)
  const { grownBytes, peakBytes }: Measured = JSON.parse(stdout)
  process.stderr.write(
    `memory: ${(grownBytes / 1e6).toFixed(1)} MB more, ${(peakBytes / 1e6).toFixed(1)} at its peak\n`,
  )
  expect(grownBytes).toBeLessThanOrEqual(50e6)
  const hash = createHash('sha256')
  await pipeline(createReadStream(join(world.home, 'snapshots', world.commit, 'model.safetensors')), hash)
  expect(hash.digest('hex')).toBe(sha256Of(weights))
})
