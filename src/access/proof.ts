/** How a gateway proves who it is before its owner's commands show it a secret: whoever took over its old port cannot. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** For one run of a gateway, which notes it where its owner alone can read it; and for one challenge. The run's secret is not the admin
 *  token: anybody may ask for proofs, and one that a later run gives, asked by a go-between, must not pass for one of this run. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

export function proofOf(secret: string, challenge: string): string {
  return createHmac('sha256', secret).update(challenge).digest('base64url')
}

/** Whether only somebody who has the secret can have said this. */
export function isProof(secret: string, challenge: string, said: string): boolean {
  const [expected, given] = [Buffer.from(proofOf(secret, challenge)), Buffer.from(said)]
  return expected.length === given.length && timingSafeEqual(expected, given)
}
