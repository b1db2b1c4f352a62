/** Finds the gateway of a data directory by its note, and has it prove that it is the one before it is shown the admin token. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isProof, newSecret } from '../access/access.ts'
import { parseObject } from '../wire/json.ts'

export type Found =
  | { readonly kind: 'running'; readonly url: string }
  | { readonly kind: 'none' }
  /** The gateway is gone; something else answers at its old address. */
  | { readonly kind: 'stranger'; readonly url: string }
  /** Somebody listens there and says nothing in time. */
  | { readonly kind: 'silent'; readonly url: string }

const patienceMs = 5_000

/** A killed gateway leaves its note behind, and anybody on this machine may listen on its port by now. */
export async function findGateway(dataDirectory: string): Promise<Found> {
  const note = parseObject(await readFile(join(dataDirectory, 'gateway.json'), 'utf8').catch(() => ''))
  const [url, secret] = [note?.['url'], note?.['secret']]
  if (typeof url !== 'string') return { kind: 'none' }
  const challenge = newSecret()
  try {
    const signal = AbortSignal.timeout(patienceMs)
    const answer = await fetch(`${url}/proof?challenge=${challenge}`, { redirect: 'error', signal })
    const said = parseObject(await answer.text())?.['proof']
    const proved = typeof secret === 'string' && typeof said === 'string' && isProof(secret, challenge, said)
    return { kind: proved ? 'running' : 'stranger', url }
  } catch (error) {
    const late = error instanceof DOMException && error.name === 'TimeoutError'
    return late ? { kind: 'silent', url } : { kind: 'none' }
  }
}
