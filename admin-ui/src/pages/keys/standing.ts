/** Whether a key still opens anything. */

export type Standing = 'valid' | 'revoked' | 'expired'

export function standingOf(
  { revokedAt, expiresAt }: { readonly revokedAt: number | null; readonly expiresAt: number | null },
  now: number,
): Standing {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'valid'
}
