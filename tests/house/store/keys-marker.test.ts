import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

it('leaves no half marker on a full disk, which would shut the door for a key that was never made', () => {
  const directory = mkdtempSync(join(tmpdir(), 'mlx-gateway-marker-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const room = join(import.meta.dirname, '../../../src/store/keys-marker.ts')
  const program = `
    const { createKeysMarker } = await import(${JSON.stringify(room)})
    const marker = createKeysMarker(${JSON.stringify(directory)})
    try { marker.set() } catch ({ code }) { console.log(code, marker.isSet()) }`
  // no file may grow at all
  const cramped = ['-c', 'ulimit -f 0; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', program]
  const { stdout, stderr } = spawnSync('sh', cramped, { encoding: 'utf8', env: {} })
  expect([stdout, stderr]).toEqual(['store_unusable false\n', ''])
  expect(readdirSync(directory)).toEqual([])
})
