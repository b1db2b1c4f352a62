/** Whether clients need a key, by the rule of the gateway's door. Pure. */

/** `not yet`: from the first key on. */
export type KeyNeed = 'needed' | 'not yet' | 'never'

interface Facts {
  /** How many were ever made: revoked ones count. */
  readonly keys: number
  /** `auth.required`; undefined where nobody has decided. */
  readonly required: boolean | undefined
  /** The address listened on: one that others reach needs a key in any case. */
  readonly host: string
}

export function keyNeed({ keys, required, host }: Facts): KeyNeed {
  if (!isLoopback(host)) return 'needed'
  if (required !== undefined) return required ? 'needed' : 'never'
  return keys === 0 ? 'not yet' : 'needed'
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
