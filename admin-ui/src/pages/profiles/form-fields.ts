/** What the parts of the form share: its values, the gateway's words on each field, and what is wrong. */
import type { UseFormReturnType } from '@mantine/form'
import { descriptionOf, usualOf } from './field-words.ts'
import type { Field, FormValues } from './form-values.ts'
import { wordsAt } from './problems.ts'
import type { Problem } from './problems.ts'
import type { FieldFacts } from './use-fields.ts'

export interface FormFields {
  readonly form: UseFormReturnType<FormValues>
  readonly facts: ReadonlyMap<string, FieldFacts>
  /** Those that are to be shown. */
  readonly problems: readonly Problem[]
}

/** What an input of this field is given. */
export function inputOf({ form, facts, problems }: FormFields, field: Field) {
  const known = facts.get(field)
  return {
    ...form.getInputProps(field),
    description: known === undefined ? undefined : descriptionOf(known),
    placeholder: known === undefined ? undefined : usualOf(known),
    error: wordsAt(field, problems),
  }
}

/** The same for a switch. */
export function switchOf({ form, facts, problems }: FormFields, field: 'pinned' | 'preload') {
  const known = facts.get(field)
  return {
    ...form.getInputProps(field, { type: 'checkbox' }),
    description: known === undefined ? undefined : descriptionOf(known),
    error: wordsAt(field, problems),
  }
}
