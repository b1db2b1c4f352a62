/** What the page shows is in its address: the list, a profile that is edited, or a new one. Pure. */
import { addressOf, editOf } from '../../parts/links.ts'

export type View =
  | { readonly kind: 'list' }
  | { readonly kind: 'edit'; readonly name: string }
  /** Of this model, or like this profile. */
  | { readonly kind: 'new'; readonly model: string | undefined; readonly from: string | undefined }

/** `?edit=name` · `?new=1`, with `model=` or `from=` */
export function viewOf(address: URLSearchParams): View {
  const edit = address.get('edit')
  if (edit !== null) return { kind: 'edit', name: edit }
  if (!address.has('new')) return { kind: 'list' }
  return { kind: 'new', model: address.get('model') ?? undefined, from: address.get('from') ?? undefined }
}

export const addresses = {
  list: '/profiles',
  edit: editOf,
  blank: '/profiles?new=1',
  like: (name: string) => addressOf('/profiles', { new: '1', from: name }),
}
