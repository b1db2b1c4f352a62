/** Pulls a model by its id, of any revision. */
import { Button, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { usePull } from '../../parts/use-pull.ts'
import styles from './models.module.css'
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
  readonly filled?: boolean
}

export function PullRevision({ id, revision: given = '', label, filled = false }: Props) {
  const { pull, busy, refusal } = usePull()
  const [revision, setRevision] = useState(given)
  return (
    <form
      className={styles['pull']}
      onSubmit={(event) => {
        event.preventDefault()
        void pull(id, revision.trim() === '' ? 'main' : revision.trim())
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
      {refusal !== undefined && (
        <Text size="sm" className={styles['bad']} role="alert">
          {refusal}
        </Text>
      )}
    </form>
  )
}
