/** The models on disk: what they take, and each of them. */
import { Button, NativeSelect, Paper, Text, Title } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useLive } from '../../live.ts'
import { some } from '../../parts/format.ts'
import { Problem } from '../../parts/problem.tsx'
import { useHeldFocus } from '../../parts/use-held-focus.ts'
import { Waiting } from '../../parts/waiting.tsx'
import { DiskBars } from './disk-bars.tsx'
import { LibraryTable } from './library-table.tsx'
import { LookAgain, LookForUpdates } from './look.tsx'
import styles from './models.module.css'
import { inOrder, orders, withLastUse } from './shelf.ts'
import { useModels } from '../../parts/use-models.ts'
import { isWanted, isWished, noWish } from './wish.ts'
import type { Wish } from './wish.ts'

interface Props {
  readonly wish: Wish
  readonly change: (wish: Wish) => void
}

export function Library({ wish, change }: Props) {
  const { data: models, error, refetch } = useModels()
  const [order, setOrder] = useState<string>('used')
  const since = useLive(({ servers }) =>
    Object.fromEntries([...servers.values()].map(({ profile, lastUsed }) => [profile, lastUsed])),
  )
  const ordered = useMemo(() => inOrder(withLastUse(models ?? [], since), order), [models, since, order])
  const shown = useMemo(() => ordered.filter((model) => isWanted(wish, model)), [ordered, wish])
  const heading = useHeldFocus<HTMLHeadingElement>(models)
  return (
    <Paper component="section" aria-labelledby="library">
      <div className={styles['row']}>
        <Title order={2} id="library" c="dimmed" mr="auto" ref={heading} tabIndex={-1}>
          On this machine
          {ordered.length > 0 &&
            `, ${shown.length < ordered.length ? `${shown.length} of ` : ''}${some(ordered.length, 'model')}`}
        </Title>
        {ordered.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label="Order"
            data={[...orders]}
            value={order}
            onChange={({ currentTarget }) => setOrder(currentTarget.value)}
          />
        )}
        {ordered.some(({ revisions }) => revisions.length > 0) && <LookForUpdates />}
        <LookAgain />
      </div>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {models === undefined && error === null && <Waiting what="Loading the models" />}
      {models?.length === 0 && (
        <Text c="dimmed" mt="sm" maw={620}>
          No model is on this machine yet. Find one on the hub below, pull it, and it answers at once under its name.
          Models that Python tools or LM Studio have fetched show up here by themselves.
        </Text>
      )}
      {ordered.length > 0 && <DiskBars />}
      {shown.length > 0 && <LibraryTable models={shown} />}
      {ordered.length > 0 && shown.length === 0 && (
        <div className={styles['row']}>
          <Text c="dimmed" role="status">
            No model on this machine is like that.
          </Text>
          {isWished(wish) && <Button onClick={() => change({ ...noWish, sort: wish.sort })}>Show all of them</Button>}
        </div>
      )}
    </Paper>
  )
}
