/** Looks at the folders again, and asks the hub for something newer: both only when somebody wants it. */
import { Button, Text } from '@mantine/core'
import { messageOf } from '../../api.ts'
import { Act } from '../../parts/act.tsx'
import { some, time } from '../../parts/format.ts'
import styles from './models.module.css'
import { lookAgain, useUpdates } from './use-library.ts'

export function LookAgain() {
  return <Act label="Look at the disk again" title="For what was put into the folders by hand" run={lookAgain} />
}

export function LookForUpdates() {
  const { isFetching, refetch } = useUpdates()
  return (
    <Button loading={isFetching} onClick={() => void refetch()}>
      Look for updates
    </Button>
  )
}

/** What the hub said of the models on disk; nothing before it was asked. */
export function UpdatesSaid({ newer }: { readonly newer: number }) {
  const { data, error, dataUpdatedAt, isFetching } = useUpdates()
  if (isFetching || (data === undefined && error === null)) return <div role="status" />
  const trouble = error === null ? data?.reason : messageOf(error)
  const untold = new Set(data?.updates.flatMap(({ id, reason }) => (reason === null ? [] : [id]))).size
  return (
    <div role="status" className={styles['said']}>
      {trouble === null || trouble === undefined ? (
        <Text size="sm" c="dimmed">
          {newer === 0 ? 'The hub has nothing newer.' : `The hub has something newer of ${some(newer, 'model')}.`}{' '}
          {untold > 0 && `Of ${some(untold, 'model')} it could not be told; “More” says why. `}
          Asked at {time(dataUpdatedAt)}.
        </Text>
      ) : (
        <Text size="sm">{trouble}</Text>
      )}
    </div>
  )
}
