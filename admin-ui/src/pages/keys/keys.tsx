/** Who may ask: keys with what they may do, when they were last used, and the way to take them back. */
import { Badge, Button, Paper, Switch, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ask } from '../../api.ts'
import type { Held } from '../../api.ts'
import { Empty } from '../../parts/empty.tsx'
import { ago, time } from '../../parts/format.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { Problem } from '../../parts/problem.tsx'
import { useNow } from '../../parts/use-now.ts'
import { Waiting } from '../../parts/waiting.tsx'
import styles from './keys.module.css'
import { MakeKey } from './make-key.tsx'
import { RevokeKey } from './revoke-key.tsx'
import { standingOf } from './standing.ts'

export type Key = Held<Awaited<ReturnType<typeof api.keys.$get>>>['keys'][number]

export default function Keys() {
  const query = useQuery({
    queryKey: ['keys'],
    queryFn: async () => (await ask(api.keys.$get())).keys,
    // when a key was last used is told by no event
    refetchOnMount: 'always',
  })
  const [making, { open, close }] = useDisclosure(false)
  const [all, setAll] = useState(false)
  const now = useNow(10_000)
  const keys = query.data?.filter((key) => all || standingOf(key, now) === 'valid').toReversed() ?? []
  const over = query.data?.some((key) => standingOf(key, now) !== 'valid') ?? false
  return (
    <>
      <PageHead title="Keys">
        {over && <Switch label="Show revoked and expired ones" checked={all} onChange={() => setAll(!all)} />}
        <Button variant="filled" onClick={open}>
          Make a key
        </Button>
      </PageHead>
      <MakeKey opened={making} close={close} />
      {query.error !== null ? (
        <Problem error={query.error} again={() => void query.refetch()} />
      ) : query.isPending ? (
        <Waiting what="Loading the keys" />
      ) : keys.length === 0 ? (
        <Empty title="There are no keys">
          {over
            ? 'All that there were have been revoked or have expired: nobody can ask for a model.'
            : 'Everybody on this machine may ask for every model. With the first key, a key is needed.'}
        </Empty>
      ) : (
        <Paper p={0} className={styles['list']}>
          <Table aria-label="Keys" className={`as-list ${styles['table']}`}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Begins with</Table.Th>
                <Table.Th>May</Table.Th>
                <Table.Th>Models</Table.Th>
                <Table.Th>Last used</Table.Th>
                <Table.Th>Ends</Table.Th>
                <Table.Th aria-label="Actions" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {keys.map((key) => (
                <KeyRow key={key.id} of={key} now={now} />
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
    </>
  )
}

const mayWords = { inference: 'ask models', metrics: 'read metrics', admin: 'administer' }

function KeyRow({ of: key, now }: { readonly of: Key; readonly now: number }) {
  const standing = standingOf(key, now)
  return (
    <Table.Tr>
      <Table.Td fw={600}>{key.name}</Table.Td>
      <Table.Td>
        <code>{key.hint}…</code>
      </Table.Td>
      <Table.Td>{key.scopes.map((scope) => mayWords[scope]).join(', ')}</Table.Td>
      <Table.Td>{key.models === null ? 'all' : key.models.join(', ')}</Table.Td>
      <Table.Td>{key.lastUsedAt === null ? 'never' : ago(key.lastUsedAt, now)}</Table.Td>
      <Table.Td>{key.expiresAt === null ? 'never' : time(key.expiresAt, now)}</Table.Td>
      <Table.Td ta="right">
        {standing === 'valid' ? <RevokeKey of={key} /> : <Badge color="var(--idle)">{standing}</Badge>}
        {standing === 'revoked' && (
          <Text size="sm" c="dimmed">
            {ago(key.revokedAt, now)}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
