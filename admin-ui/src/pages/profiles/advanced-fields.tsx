/** What is seldom needed, folded away until there is something in it. */
import { Paper, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { inputOf } from './form-fields.ts'
import type { FormFields } from './form-fields.ts'
import type { FormValues } from './form-values.ts'
import styles from './form.module.css'
import { ofField } from './problems.ts'
import { RowFields } from './row-fields.tsx'

const inside = ['arguments', 'environment', 'revision', 'adapter', 'draftModel'] as const

export function AdvancedFields({ fields }: { readonly fields: FormFields }) {
  const { values } = fields.form
  const [opened, setOpened] = useState(() => isUsed(values))
  const amiss = inside.some((field) => ofField(field, fields.problems).length > 0)
  return (
    <Paper component="details" className={styles['section']} open={opened || amiss}>
      <summary
        onClick={(event) => {
          event.preventDefault()
          setOpened(!(opened || amiss))
        }}
      >
        Advanced: arguments, environment, revision, adapter, draft model
      </summary>
      <div className={styles['inside']}>
        <Textarea
          label="Arguments"
          autosize
          minRows={1}
          maxRows={10}
          classNames={{ input: styles['mono'] ?? '' }}
          {...inputOf(fields, 'arguments')}
          placeholder="--prompt-cache-size 8"
        />
        <RowFields fields={fields} field="environment" label="Environment" noun="variable" />
        <div className={styles['pair']}>
          <TextInput label="Revision" autoComplete="off" {...inputOf(fields, 'revision')} />
          <TextInput label="Adapter" autoComplete="off" {...inputOf(fields, 'adapter')} />
          <TextInput label="Draft model" autoComplete="off" {...inputOf(fields, 'draftModel')} />
        </div>
      </div>
    </Paper>
  )
}

function isUsed(values: FormValues): boolean {
  return inside.some((field) => values[field].length > 0)
}
