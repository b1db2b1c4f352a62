/** Makes a key for a client, and hands its secret over. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ask } from '../../api.ts'
import { say } from '../../parts/say.ts'

export function useNewKey(take: (secret: string) => void) {
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const make = async (name: string) => {
    setBusy(true)
    await say.failure(ask(api.keys.$post({ json: { name } })).then(({ secret }) => take(secret)))
    await queries.invalidateQueries({ queryKey: ['keys'] })
    setBusy(false)
  }
  return { make, busy }
}
