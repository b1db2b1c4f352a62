/** Brings the model that a profile names, where it is not on this machine. */
import { Button, Text } from '@mantine/core'
import { useLive } from '../../live.ts'
import { DownloadRow } from '../../parts/download-row.tsx'
import { isOver } from '../../parts/download-words.ts'
import { usePull } from '../../parts/use-pull.ts'
import { useModels } from '../../parts/use-models.ts'
import { isToCome } from './untold.ts'

interface Props {
  readonly model: string
  readonly revision: string
}

export function PullMissing({ model, revision }: Props) {
  const { data: models } = useModels()
  const download = useLive(({ downloads }) =>
    [...downloads.values()].findLast((one) => one.repo === model && !isOver(one)),
  )
  const { pull, busy, refusal } = usePull()
  const ids = models?.map(({ id }) => id)
  if (!isToCome(model, ids)) return null
  if (download !== undefined) return <DownloadRow download={download} />
  return (
    <div>
      <Button loading={busy} onClick={() => void pull(model, revision === '' ? undefined : revision)}>
        Pull {model}
      </Button>
      {refusal !== undefined && (
        <Text size="sm" c="var(--bad)" role="alert" mt="xs">
          {refusal}
        </Text>
      )}
    </div>
  )
}
