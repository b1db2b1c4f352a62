/** What clients ask for. */
import { TagsInput, TextInput } from '@mantine/core'
import { inputOf } from './form-fields.ts'
import type { FormFields } from './form-fields.ts'
import { wordsAtList } from './problems.ts'
import { Section } from './section.tsx'

export function NameFields({ fields }: { readonly fields: FormFields }) {
  const { aliases } = fields.form.values
  return (
    <Section title="Names">
      <TextInput label="Name" required autoComplete="off" {...inputOf(fields, 'name')} />
      <TagsInput
        label="Aliases"
        {...inputOf(fields, 'aliases')}
        error={wordsAtList('aliases', aliases, fields.problems)}
        placeholder={aliases.length === 0 ? 'gpt-4o-mini, then Enter' : ''}
        splitChars={[',', ' ']}
        isDuplicate={(alias, others) => others.includes(alias)}
      />
    </Section>
  )
}
