/** Asks the gateway to bring a model; the event stream tells of its download from then on. */
import { useState } from 'react'
import { api, ask, messageOf } from '../api.ts'

export interface Pull {
  /** True where the gateway has taken it on. */
  readonly pull: (id: string, revision?: string) => Promise<boolean>
  readonly busy: boolean
  /** Why it was not taken on. */
  readonly refusal: string | undefined
}

export function usePull(): Pull {
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const pull = async (id: string, revision = 'main') => {
    setBusy(true)
    setRefusal(undefined)
    try {
      await ask(api.downloads.$post({ json: { id, revision } }))
      return true
    } catch (error) {
      setRefusal(messageOf(error))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { pull, busy, refusal }
}
