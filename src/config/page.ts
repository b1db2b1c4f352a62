/** The layer that the admin page writes: `settings.yaml` in the data directory. Read like the file, but it may hold only what the page may change. */
import { stringify } from 'yaml'
import { whyOutside } from './editable.ts'
import { parseConfigFile } from './file.ts'
import { valueAt, withValue, type FileLayer } from './layers.ts'
import { leaves, type Leaf } from './leaves.ts'
import type { Problem } from './problems.ts'

export const pageName = 'settings.yaml'

const opening =
  '# Written by the gateway for its admin page, which shows it. What you set yourself belongs into config.yaml.\n'

/** A new layer with this setting as a person wrote it, and its text; `undefined` takes the setting off. */
export function amended(
  page: Pick<FileLayer, 'path' | 'values'>,
  leaf: Leaf,
  value: unknown,
): { readonly layer: FileLayer; readonly text: string } {
  const values = leaves.reduce<unknown>((kept, { path, keys }) => {
    const its = path === leaf.path ? value : valueAt(page.values, keys)
    return (its ?? undefined) === undefined ? kept : withValue(kept, keys, its)
  }, {})
  const text = opening + stringify(values, { lineWidth: 0 })
  return { layer: { origin: 'page', path: page.path, ...parseConfigFile(text) }, text }
}

/** What stands in the page's file and may not. */
export function pageProblems({ values }: Pick<FileLayer, 'values'>): readonly Problem[] {
  return leaves.flatMap(({ path, keys }) => {
    const why = whyOutside(path)
    if (why === undefined || (valueAt(values, keys) ?? undefined) === undefined) return []
    return [{ path: keys, message: `cannot be set here; write it into config.yaml. ${why}` }]
  })
}
