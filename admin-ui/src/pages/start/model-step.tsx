/** A model: one that is on disk, one that is fetched when it is first asked, or one from the hub that fits this machine. */
import { Button, Stack, Text, Title } from '@mantine/core'
import { useLive } from '../../live.ts'
import { DownloadRow } from '../../parts/download-row.tsx'
import { isOver } from '../../parts/download-words.ts'
import { ModelName } from '../../parts/model-name.tsx'
import { Problem } from '../../parts/problem.tsx'
import { useModels } from '../../parts/use-models.ts'
import { useProfilesQuery } from '../../parts/use-profiles.ts'
import type { Profile } from '../../parts/use-profiles.ts'
import { Waiting } from '../../parts/waiting.tsx'
import { FromHub } from './from-hub.tsx'
import { readinessOf } from './readiness.ts'
import styles from './start.module.css'

export function ModelStep({ choose }: { readonly choose: (name: string) => void }) {
  const profiles = useProfilesQuery()
  const models = useModels()
  const downloads = useLive(({ downloads }) => downloads)
  const underWay = [...downloads.values()].filter((download) => !isOver(download))
  const error = profiles.error ?? models.error
  const again = () => void Promise.all([profiles.refetch(), models.refetch()])
  if (error !== null) return <Problem error={error} again={again} />
  if (profiles.data === undefined || models.data === undefined) return <Waiting what="Looking for models" />
  const ids = models.data.map(({ id }) => id)
  const { ready, later } = Object.groupBy(profiles.data, (profile) =>
    readinessOf(profile, ids) === 'ready' ? 'ready' : 'later',
  )
  return (
    <Stack maw={720} gap="lg">
      <section aria-labelledby="on-disk">
        <Title order={2} id="on-disk" c="dimmed">
          Ready on this machine
        </Title>
        {ready?.map((profile) => <Choice key={profile.name} profile={profile} ids={ids} choose={choose} />) ?? (
          <Text mt="xs">There is none yet.</Text>
        )}
      </section>
      {later !== undefined && (
        <section aria-labelledby="to-come">
          <Title order={2} id="to-come" c="dimmed">
            Not on this machine yet
          </Title>
          {later.map((profile) => (
            <Choice key={profile.name} profile={profile} ids={ids} choose={choose} />
          ))}
        </section>
      )}
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

interface ChoiceProps {
  readonly profile: Profile
  /** Of the models on disk. */
  readonly ids: readonly string[]
  readonly choose: (name: string) => void
}

const notes = {
  ready: undefined,
  'fetched first': 'Fetched when it is first asked; small and quick, to see that everything works.',
  missing: 'Its model has to be downloaded first.',
}

function Choice({ profile, ids, choose }: ChoiceProps) {
  const { name } = profile
  const readiness = readinessOf(profile, ids)
  return (
    <div className={styles['choice']}>
      <span>
        <ModelName name={name} />
        <Text size="sm" c="dimmed">
          {notes[readiness]}
        </Text>
      </span>
      <Button disabled={readiness === 'missing'} onClick={() => choose(name)} aria-label={`Use it: ${name}`}>
        Use it
      </Button>
    </div>
  )
}
