/** What the page shows is in its address: the list, a profile that is edited, or a new one. Pure. */

export type View =
  | { readonly kind: 'list' }
  | { readonly kind: 'edit'; readonly name: string }
  /** Of this model, or like this profile. */
  | { readonly kind: 'new'; readonly model: string | undefined; readonly from: string | undefined }

/** `?edit=name` · `?new=1`, with `model=` or `from=`; `?new=` takes a model too. */
export function viewOf(address: URLSearchParams): View {
  const edit = address.get('edit')
  if (edit !== null) return { kind: 'edit', name: edit }
  const fresh = address.get('new')
  if (fresh === null) return { kind: 'list' }
  const model = address.get('model') ?? (fresh === '1' || fresh === '' ? undefined : fresh)
  return { kind: 'new', model, from: address.get('from') ?? undefined }
}

export const addressOf = {
  list: '/profiles',
  edit: (name: string) => `/profiles?${new URLSearchParams({ edit: name }).toString()}`,
  blank: '/profiles?new=1',
  like: (name: string) => `/profiles?${new URLSearchParams({ new: '1', from: name }).toString()}`,
}
