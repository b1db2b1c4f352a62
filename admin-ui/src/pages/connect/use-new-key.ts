/** Makes a key for a client, and hands its secret over. */
import { useState } from 'react'
import { createKey } from '../../parts/create-key.ts'
import { say } from '../../parts/say.ts'

export function useNewKey(take: (secret: string) => void) {
  const [busy, setBusy] = useState(false)
  const make = async (name: string) => {
    setBusy(true)
    await say.failure(createKey({ name }).then(take))
    setBusy(false)
  }
  return { make, busy }
}
