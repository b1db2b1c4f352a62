/** Names with their values, one to a row. */
import { Autocomplete, Button, CloseButton, Input, Textarea, TextInput } from '@mantine/core'
import { useId } from 'react'
import { descriptionOf } from './field-words.ts'
import type { FormFields } from './form-fields.ts'
import styles from './form.module.css'
import type { Row } from './parameter-rows.ts'
import { wordsAtRow, wordsBesideRows } from './problems.ts'

interface Props {
  readonly fields: FormFields
  readonly field: 'defaults' | 'force' | 'environment'
  readonly label: string
  /** What one of them is called: "parameter". */
  readonly noun: string
  /** Names that are often wanted, each with a value as an example. */
  readonly usual?: Readonly<Record<string, string>>
}

const none: Readonly<Record<string, string>> = {}

export function RowFields({ fields, field, label, noun, usual = none }: Props) {
  const id = useId()
  const { form, facts, problems } = fields
  const rows: readonly Row[] = form.values[field]
  const known = facts.get(field)
  const names = Object.keys(usual)
  const amiss = wordsBesideRows(field, rows, problems)
  return (
    <div role="group" aria-labelledby={id} className={styles['rows']}>
      <div>
        <Input.Label labelElement="div" id={id}>
          {label}
        </Input.Label>
        {known !== undefined && <Input.Description>{descriptionOf(known)}</Input.Description>}
      </div>
      {rows.map((row, index) => (
        // rows have no name of their own while they are being written
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={styles['item']}>
          <NameField
            names={names}
            label={`${label}: name ${index + 1}`}
            amiss={wordsAtRow(field, row, problems) !== undefined}
            {...form.getInputProps(`${field}.${index}.name`)}
          />
          <Textarea
            size="sm"
            aria-label={`${label}: value of ${row.name || `name ${index + 1}`}`}
            placeholder={usual[row.name] ?? 'value'}
            autosize
            minRows={1}
            maxRows={10}
            {...form.getInputProps(`${field}.${index}.value`)}
            error={wordsAtRow(field, row, problems)}
            classNames={{ input: styles['mono'] ?? '' }}
          />
          <CloseButton
            aria-label={`Remove ${row.name || `row ${index + 1}`} from ${label}`}
            onClick={() => form.removeListItem(field, index)}
          />
        </div>
      ))}
      {amiss !== undefined && <Input.Error>{amiss}</Input.Error>}
      <div>
        <Button onClick={() => form.insertListItem(field, { name: '', value: '' })}>
          Add a {noun}
          <span className={styles['hidden']}> to {label}</span>
        </Button>
      </div>
    </div>
  )
}

interface NameProps {
  readonly names: string[]
  readonly label: string
  readonly amiss: boolean
  readonly value?: string
}

/** Chosen among names that are often wanted, where there are such, or any other. */
function NameField({ names, label, amiss, ...input }: NameProps) {
  const shown = {
    size: 'sm',
    'aria-label': label,
    placeholder: 'name',
    autoComplete: 'off',
    error: amiss,
    classNames: { input: styles['mono'] ?? '' },
  }
  return names.length === 0 ? <TextInput {...input} {...shown} /> : <Autocomplete data={names} {...input} {...shown} />
}
