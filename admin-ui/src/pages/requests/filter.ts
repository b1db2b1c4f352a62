/** Which requests are shown. Pure. */

export type Outcome = 'ok' | 'failed'

export interface Filter {
  readonly text: string
  readonly status: Outcome | 'all'
}

/** By the name asked for, the profile that answered, or the key. */
export function matches(
  {
    model,
    profile,
    keyName,
  }: { readonly model: string; readonly profile: string | null; readonly keyName: string | null },
  text: string,
): boolean {
  const wanted = text.trim().toLowerCase()
  return [model, profile, keyName].some((name) => name?.toLowerCase().includes(wanted) ?? false)
}
