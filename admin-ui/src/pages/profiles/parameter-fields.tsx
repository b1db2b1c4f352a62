/** What requests are given where they say nothing, and what overrules them. */
import type { FormFields } from './form-fields.ts'
import { RowFields } from './row-fields.tsx'
import { Section } from './section.tsx'

const usual = {
  temperature: '0.7',
  top_p: '0.9',
  top_k: '40',
  min_p: '0.05',
  max_tokens: '4096',
  repetition_penalty: '1.1',
  stop: '["</answer>"]',
  seed: '7',
  chat_template_kwargs: '{"enable_thinking": false}',
}

export function ParameterFields({ fields }: { readonly fields: FormFields }) {
  return (
    <Section title="Parameters, their values as JSON">
      <RowFields fields={fields} field="defaults" label="Defaults" noun="parameter" usual={usual} />
      <RowFields fields={fields} field="force" label="Forced" noun="parameter" usual={usual} />
    </Section>
  )
}
