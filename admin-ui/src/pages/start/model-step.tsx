/** A model: one that is on disk, or one from the hub that fits this machine. */
import { Button, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { api, ask } from '../../api.ts'
import { useLive } from '../../live.ts'
import { DownloadRow } from '../../parts/download-row.tsx'
import { isOver } from '../../parts/download-words.ts'
import { FitBadge } from '../../parts/fit-badge.tsx'
import { bytes } from '../../parts/format.ts'
import { ModelName } from '../../parts/model-name.tsx'
import { Problem } from '../../parts/problem.tsx'
import { usePull } from '../../parts/use-pull.ts'
import { useProfilesQuery } from '../../parts/use-profiles.ts'
import { Waiting } from '../../parts/waiting.tsx'
import styles from './start.module.css'

const offered = 5

export function ModelStep({ choose }: { readonly choose: (name: string) => void }) {
  const profiles = useProfilesQuery()
  const downloads = useLive(({ downloads }) => downloads)
  const underWay = [...downloads.values()].filter((download) => !isOver(download))
  return (
    <Stack maw={720} gap="lg">
      <section aria-labelledby="on-disk">
        <Title order={2} id="on-disk" c="dimmed">
          Ready on this machine
        </Title>
        {profiles.error !== null ? (
          <Problem error={profiles.error} again={() => void profiles.refetch()} />
        ) : profiles.data === undefined ? (
          <Waiting what="Looking for models" />
        ) : (
          profiles.data.map(({ name, available, origin }) => (
            <div key={name} className={styles['choice']}>
              <span>
                <ModelName name={name} />
                {origin === 'starter' && (
                  <Text size="sm" c="dimmed">
                    Small and quick to fetch: to see that everything works.
                  </Text>
                )}
              </span>
              <Button disabled={!available} onClick={() => choose(name)} aria-label={`Use ${name}`}>
                Use it
              </Button>
            </div>
          ))
        )}
        {profiles.data?.length === 0 && <Text mt="xs">There is none yet.</Text>}
      </section>
      {underWay.length > 0 && (
        <section aria-label="On their way">
          {underWay.map((download) => (
            <DownloadRow key={download.id} download={download} />
          ))}
        </section>
      )}
      <FromHub />
    </Stack>
  )
}

function FromHub() {
  const { pull, busy, refusal } = usePull()
  const { data, isPending, error, refetch } = useQuery({
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
      {refusal !== undefined && <Problem error={refusal} />}
      {data?.offline === true ? (
        <Text mt="xs">{data.reason ?? 'The hub cannot be asked at the moment.'}</Text>
      ) : (
        hits.map(({ id, weightsBytes, fit }) => (
          <div key={id} className={styles['choice']}>
            <span>
              <Text fw={600}>{id}</Text>
              <Text size="sm" c="dimmed" component="span">
                {bytes(weightsBytes)} {fit !== null && <FitBadge fit={fit} name={id} />}
              </Text>
            </span>
            <Button loading={busy} onClick={() => void pull(id)} aria-label={`Download ${id}`}>
              Download
            </Button>
          </div>
        ))
      )}
      <Text size="sm" mt="xs">
        <Link href="/models">All models of the hub</Link>
      </Text>
    </section>
  )
}
