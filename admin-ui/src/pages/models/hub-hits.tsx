/** What the hub has: asked once somebody looks for something. Without it, only this machine is searched, and the page says so. */
import { Badge, Button, Loader, NativeSelect, Paper, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { Problem } from '../../parts/problem.tsx'
import { offerOf } from './hub-offer.ts'
import { HubTable } from './hub-table.tsx'
import styles from './models.module.css'
import { PullNamed } from './pull-named.tsx'
import { useHub } from './use-hub.ts'
import { useModels } from '../../parts/use-models.ts'
import type { LocalModel } from '../../parts/use-models.ts'
import { isWished, sorts } from './wish.ts'
import type { Wish } from './wish.ts'

interface Props {
  readonly wish: Wish
  readonly change: (wish: Wish) => void
}

const none: readonly LocalModel[] = []

export function HubHits({ wish, change }: Props) {
  const [browsing, setBrowsing] = useState(false)
  const { data: models = none } = useModels()
  const asked = isWished(wish) || browsing
  const hub = useHub(wish, asked)
  const { last, isFetching, isPlaceholderData, error, refetch } = hub
  const offline = last?.offline === true
  const hits = offline ? [] : hub.hits
  const offer = asked && !isFetching && !offline ? offerOf(wish.text, hits, models) : undefined
  return (
    <Paper component="section" aria-labelledby="hub" aria-busy={isFetching}>
      <div className={styles['row']}>
        <Title order={2} id="hub" c="dimmed">
          On the hub
        </Title>
        {isFetching && <Loader size={14} aria-label="Asking the hub" />}
        <span className={styles['space']} />
        {asked && last?.reason === null && (
          <NativeSelect
            size="xs"
            aria-label="Order of the hub’s models"
            data={[...sorts]}
            value={wish.sort}
            onChange={({ currentTarget }) => change({ ...wish, sort: currentTarget.value })}
          />
        )}
      </div>
      {!asked && <Invitation first={models.length === 0} browse={() => setBrowsing(true)} />}
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {asked && last !== undefined && error === null && (
        <div style={{ opacity: isPlaceholderData ? 0.55 : 1 }}>
          {last.reason !== null && (
            <Less offline={offline} reason={last.reason} again={() => void refetch()} busy={isFetching} />
          )}
          {hits.length > 0 && <HubTable hits={hits} models={models} />}
          {hits.length === 0 && last.reason === null && !isFetching && !hub.hasNextPage && (
            <Text c="dimmed" mt="sm" role="status">
              The hub has no MLX model like that. Fewer words or other filters may find one.
            </Text>
          )}
        </div>
      )}
      {offer !== undefined && <PullNamed key={`${offer.id} ${offer.revision ?? ''}`} named={offer} />}
      {asked && hub.hasNextPage && !isPlaceholderData && (
        <div className={styles['more']}>
          <Button loading={hub.isFetchingNextPage} onClick={() => void hub.fetchNextPage()}>
            {hits.length === 0 ? 'Look further' : 'Show more'}
          </Button>
          {hits.length === 0 && !isFetching && (
            <Text size="sm" c="dimmed" role="status">
              None of those looked at so far is like that.
            </Text>
          )}
        </div>
      )}
    </Paper>
  )
}

/** Opening the page asks nobody outside this machine. */
function Invitation({ first, browse }: { readonly first: boolean; readonly browse: () => void }) {
  return (
    <div className={styles['invitation']}>
      <Text c="dimmed" maw={620}>
        Type what you look for, or a whole id such as mlx-community/Qwen3-4B-4bit. Every model comes with its exact size
        and whether it fits this machine.
      </Text>
      <Button variant={first ? 'filled' : 'default'} onClick={browse}>
        Show what is popular
      </Button>
    </div>
  )
}

interface LessProps {
  readonly offline: boolean
  readonly reason: string
  readonly again: () => void
  readonly busy: boolean
}

/** Less than a search of the whole hub, and why. */
function Less({ offline, reason, again, busy }: LessProps) {
  return (
    <div className={styles['less']} role="status">
      <Badge color="var(--idle)">{offline ? 'local only' : 'no search'}</Badge>
      <Text size="sm" className={styles['why']}>
        {reason}
      </Text>
      {offline && (
        <Button onClick={again} loading={busy}>
          Ask it again
        </Button>
      )}
    </div>
  )
}
