/** What the hub has that fits this machine. */
import { Button, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { api, ask } from '../../api.ts'
import { FitBadge } from '../../parts/fit-badge.tsx'
import type { Hit } from '../../parts/fit-words.ts'
import { bytes } from '../../parts/format.ts'
import { Problem } from '../../parts/problem.tsx'
import { usePull } from '../../parts/use-pull.ts'
import { Waiting } from '../../parts/waiting.tsx'
import styles from './start.module.css'

const offered = 5

export function FromHub() {
  const { data, isPending, isFetching, error, refetch } = useQuery({
    queryKey: ['hub', 'start'],
    queryFn: ({ signal }) =>
      ask(api.hub.models.$get({ query: { task: 'text-generation', limit: '40' } }, { init: { signal } })),
    retry: false,
  })
  const hits = data?.hits.filter(({ local, fit }) => !local && fit?.verdict === 'fits').slice(0, offered) ?? []
  return (
    <section aria-labelledby="from-hub">
      <Title order={2} id="from-hub" c="dimmed">
        Often fetched, and fit this machine
      </Title>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {isPending && <Waiting what="Asking the hub" />}
      {data?.offline === true ? (
        <Stack mt="xs" gap="xs" align="flex-start">
          <Text>{data.reason ?? 'The hub cannot be asked at the moment.'}</Text>
          <Button loading={isFetching} onClick={() => void refetch()}>
            Try again
          </Button>
        </Stack>
      ) : (
        hits.map((hit) => <Offer key={hit.id} hit={hit} />)
      )}
      {data?.offline === false && hits.length === 0 && (
        <Text mt="xs">None of those most often fetched is new here and fits the memory that is free now.</Text>
      )}
      <Text size="sm" mt="xs">
        <Link href="/models">All models of the hub</Link>
      </Text>
    </section>
  )
}

function Offer({ hit: { id, weightsBytes, fit } }: { readonly hit: Hit }) {
  const { pull, busy, refusal } = usePull()
  return (
    <div className={styles['choice']}>
      <span>
        <Text fw={600}>{id}</Text>
        <Text size="sm" c="dimmed" component="span">
          {bytes(weightsBytes)} {fit !== null && <FitBadge fit={fit} name={id} />}
        </Text>
      </span>
      <Button loading={busy} onClick={() => void pull(id)} aria-label={`Download ${id}`}>
        Download
      </Button>
      {refusal !== undefined && <Problem error={refusal} />}
    </div>
  )
}
