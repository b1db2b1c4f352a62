/** A gateway that somebody started by hand: found by its URL, never stopped. */
import { listeningOn } from '../usage.ts'
import type { Subject, SwapHouse } from './subject.ts'

/** `NAME=URL`, loopback only: its processes are looked at as well. */
export async function findBeside(argument: string): Promise<Subject> {
  const [name = '', address = ''] = argument.split(/=(.*)/s)
  if (name === '' || !URL.canParse(address)) throw new Error(`--beside ${argument}: write NAME=URL`)
  const { origin, port } = new URL(address)
  const target = { port: Number(port), model: 'bench', key: undefined }
  const pids = await listeningOn(target.port)
  if (pids.length === 0) throw new Error(`--beside ${argument}: nobody listens on port ${port} of this machine`)
  const swap: SwapHouse = {
    async empty() {
      const answer = await fetch(`${origin}/unload`)
      if (!answer.ok) throw new Error(`${name} has no GET /unload`)
      await answer.arrayBuffer()
      return { ...target, model: 'swap-quick' }
    },
    async close() {},
  }
  return { name, target, pids, swap, async stop() {} }
}
