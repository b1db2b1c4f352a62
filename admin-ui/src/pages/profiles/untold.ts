/** Why it cannot be told yet what would run, and what that takes. Pure. */
import { listed } from '../../parts/format.ts'
import { fieldOf } from './problems.ts'
import type { Checked } from './use-check.ts'

/** What the hub may have: `owner/name`. */
const hubId = /^\w[\w.-]*\/[\w.-]+$/

/** On the hub, perhaps, and not on this machine; `ids`: of what is here, undefined where that is not known yet. */
export function isToCome(model: string, ids: readonly string[] | undefined): boolean {
  return hubId.test(model) && ids !== undefined && !ids.includes(model)
}

/** The fields that decide what runs. */
const deciding = new Map([
  ['model', 'the model'],
  ['command', 'the command'],
  ['engine', 'the engine'],
])

type Facts = Pick<Checked, 'problems' | 'warnings'>

/** 1. Only the starter is known before it is here. */
export function whyUntold({ problems, warnings }: Facts, model: string, ids: readonly string[] | undefined): string {
  const faulty = new Set(problems.map(({ path }) => fieldOf(path)))
  const names = [...deciding].flatMap(([field, name]) => (faulty.has(field) ? [name] : []))
  if (faulty.has('model') && model === '') return 'It can be told once a model is named.'
  if (names.length > 0) return `It can be told once ${listed(names)} ${names.length === 1 ? 'is' : 'are'} right.`
  if (faulty.has('')) return 'It can be told once what is said at the foot of the form is put right.'
  if (isToCome(model, ids) || warnings.length === 0) return `It can be told once ${model} is downloaded.` // 1
  return 'It can be told once what is said below is put right.'
}
