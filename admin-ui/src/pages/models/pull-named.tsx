/** Pulls a model by its id, of any revision. */
import { Button, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Fit } from '../../parts/fit-words.ts'
import styles from './models.module.css'
import { useAskedPull } from './use-asked-pull.tsx'
import type { NamedModel } from './wish.ts'

export function PullNamed({ named: { id, revision } }: { readonly named: NamedModel }) {
  return (
    <div className={styles['named']}>
      <Text mr="auto" className={styles['paths']}>
        <b>{id}</b> <span className={styles['dim']}>can be pulled by its id.</span>
      </Text>
      <PullRevision id={id} revision={revision} label={`Pull ${id}`} filled />
    </div>
  )
}

interface Props {
  readonly id: string
  readonly revision: string | undefined
  readonly label: string
  /** Where it is known whether this machine can hold it. */
  readonly fit?: Fit | null
  readonly filled?: boolean
}

export function PullRevision({ id, revision: given = '', label, fit = null, filled = false }: Props) {
  const { request, question, busy, refusal } = useAskedPull(id, fit)
  const [revision, setRevision] = useState(given)
  return (
    <form
      className={styles['pull']}
      onSubmit={(event) => {
        event.preventDefault()
        request(revision.trim() === '' ? 'main' : revision.trim())
      }}
    >
      <TextInput
        size="xs"
        aria-label={`Revision of ${id}`}
        placeholder="main, or a tag or commit"
        value={revision}
        onChange={({ currentTarget }) => setRevision(currentTarget.value)}
        spellCheck={false}
        autoCapitalize="off"
      />
      <Button type="submit" variant={filled ? 'filled' : 'default'} loading={busy}>
        {label}
      </Button>
      {question}
      {refusal !== undefined && (
        <Text size="sm" className={styles['bad']} role="alert">
          {refusal}
        </Text>
      )}
    </form>
  )
}
