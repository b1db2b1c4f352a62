/** A fake hub with one model: a program of its own, for its work is not the gateway's. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const program = join(import.meta.dirname, '../../tests/fixtures/hub/main.ts')

export async function startHub(id: string, bytes: number) {
  const hub = spawn(process.execPath, [program, '--model', `${id}=${bytes}`], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [first] = await once(hub.stdout, 'data')
  return { endpoint: String(first).trim(), stop: () => void hub.stdin.end() }
}
