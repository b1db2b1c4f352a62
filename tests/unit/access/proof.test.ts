import { describe, expect, test } from 'vitest'
import { isProof, newSecret, proofOf } from '../../../src/access/access.ts'

describe('a proof', () => {
  test('convinces for its own challenge, from who has the secret, and for nothing else', () => {
    const [secret, challenge] = [newSecret(), newSecret()]
    const proof = proofOf(secret, challenge)
    expect(isProof(secret, challenge, proof)).toBe(true)
    expect(isProof(secret, newSecret(), proof)).toBe(false)
    expect(isProof(newSecret(), challenge, proof)).toBe(false)
    for (const said of ['', secret, challenge, `${proof}x`]) expect(isProof(secret, challenge, said)).toBe(false)
  })

  test('does not tell the secret', () => {
    const secret = newSecret()
    expect(secret).toHaveLength(43)
    expect(proofOf(secret, 'challenge')).not.toContain(secret)
  })
})
