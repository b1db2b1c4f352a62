/** Saves what was written, and takes that back where somebody thinks better of it. */
import { useState } from 'react'
import { useLocation } from 'wouter'
import { ApiError, messageOf } from '../../api.ts'
import { say } from '../../parts/say.ts'
import { addresses } from './address.ts'
import { create, remove, replace } from './changes.ts'
import type { ProfileSettings } from './form-values.ts'
import type { Problem } from './problems.ts'

/** What a profile was before it is changed. */
export interface Before {
  readonly name: string
  readonly settings: ProfileSettings
}

/** Goes back to the list once it is saved; `saved` is called before. */
export function useSave(before: Before | undefined, saved: () => void) {
  const [, go] = useLocation()
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<{ readonly written: string; readonly problem: Problem }>()
  const save = async (settings: ProfileSettings) => {
    setBusy(true)
    try {
      const { name, warnings } = await (before === undefined ? create(settings) : replace(before.name, settings))
      saved()
      go(addresses.list)
      const words = [`Saved ${name}.`, ...warnings]
      say.done(words.join(' '), () => (before === undefined ? remove(name) : replace(name, before.settings)))
    } catch (error) {
      const path = error instanceof ApiError ? (error.param ?? '') : ''
      setRefused({ written: JSON.stringify(settings), problem: { path, message: messageOf(error) } })
      setBusy(false)
    }
  }
  /** Why just this was not saved. */
  const refusalOf = (settings: ProfileSettings) =>
    refused !== undefined && refused.written === JSON.stringify(settings) ? [refused.problem] : []
  return { save, busy, refusalOf }
}
