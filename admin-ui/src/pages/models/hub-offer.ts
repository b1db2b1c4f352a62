/** What is offered beside the hub's hits. Pure. */
import { ago, count } from '../../parts/format.ts'
import type { Hit } from '../../parts/fit-words.ts'
import type { LocalModel } from '../../parts/use-models.ts'
import { idOf } from './wish.ts'
import type { NamedModel } from './wish.ts'

/** A model that was named as a whole can be pulled though no search shows it: the hub may have none, and a revision is none's hit.
 *  Not what is here already. */
export function offerOf(
  text: string,
  hits: readonly Pick<Hit, 'id'>[],
  models: readonly Pick<LocalModel, 'id' | 'incomplete'>[],
): NamedModel | undefined {
  const named = idOf(text)
  if (named === undefined) return undefined
  const isNamed = ({ id }: { readonly id: string }) => id.toLowerCase() === named.id.toLowerCase()
  if (named.revision !== undefined) return named
  return hits.some(isNamed) || models.some((model) => isNamed(model) && model.incomplete === null) ? undefined : named
}

const gates = {
  open: undefined,
  auto: 'its licence must be accepted first',
  manual: 'its owner decides who may have it',
}

/** What there is to say of a hit in small letters. */
export function notesOf({ license, gated, downloads, lastModified }: Hit, now: number): readonly string[] {
  return [
    license ?? undefined,
    gated === null ? undefined : gates[gated],
    downloads === null ? undefined : `${roundly(downloads)} downloads`,
    lastModified === null ? undefined : `changed ${when(Date.parse(lastModified), now)}`,
  ].filter((note) => note !== undefined)
}

/** "412k": nobody chooses by the rest. */
function roundly(value: number): string {
  return value < 10_000 ? count(value) : `${count(Math.round(value / 1000))}k`
}

const month = 30 * 86_400_000

function when(at: number, now: number): string {
  if (now - at < month) return ago(at, now)
  return new Date(at).toLocaleDateString('en-GB', { month: 'short', year: 'numeric' })
}
