/** How long its server stays, and how much it may do and hold. */
import { NumberInput, Switch, TextInput } from '@mantine/core'
import { inputOf, switchOf } from './form-fields.ts'
import type { FormFields } from './form-fields.ts'
import styles from './form.module.css'
import { Section } from './section.tsx'

export function LifeFields({ fields }: { readonly fields: FormFields }) {
  return (
    <Section title="Memory and time">
      <div className={styles['pair']}>
        <NumberInput
          label="Context, tokens"
          allowDecimal={false}
          allowNegative={false}
          step={1024}
          {...boundsOf(fields, 'context')}
          {...inputOf(fields, 'context')}
        />
        <NumberInput
          label="Requests at once"
          allowDecimal={false}
          allowNegative={false}
          {...boundsOf(fields, 'concurrency')}
          {...inputOf(fields, 'concurrency')}
        />
        <TextInput label="Memory" autoComplete="off" {...inputOf(fields, 'memory')} />
        <TextInput label="Idle time" autoComplete="off" {...inputOf(fields, 'idle')} />
      </div>
      <Switch label="Keep it loaded" {...switchOf(fields, 'pinned')} />
      <Switch label="Load it when the gateway starts" {...switchOf(fields, 'preload')} />
    </Section>
  )
}

/** How far the arrows go; what is typed is for the gateway to refuse. */
function boundsOf({ facts }: FormFields, field: 'context' | 'concurrency') {
  const { min, max } = facts.get(field) ?? { min: null, max: null }
  return { clampBehavior: 'none' as const, ...(min === null ? {} : { min }), ...(max === null ? {} : { max }) }
}
