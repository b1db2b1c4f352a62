/** What else there is to know of a model on disk, and to do with it. */
import { Button, Text } from '@mantine/core'
import { Link } from 'wouter'
import { bytes } from '../../parts/format.ts'
import { profileOf } from '../../parts/links.ts'
import { DeleteModel } from './delete-model.tsx'
import styles from './models.module.css'
import { Revisions } from './revisions.tsx'
import { abilitiesOf } from './shelf.ts'
import { useUpdates } from './use-library.ts'
import type { LocalModel } from '../../parts/use-models.ts'
import type { Updates } from './use-library.ts'
import { Verify } from './verify.tsx'

const sources = {
  huggingface: 'Hugging Face cache',
  folder: 'a folder of yours',
  lmstudio: 'LM Studio',
  starter: 'the starter model',
}

export function ModelDetails({ model, newer }: { readonly model: LocalModel; readonly newer: Updates['updates'] }) {
  const { id, facts, folder, source, sizeBytes, ownBytes, shadowed, usedBy, revisions } = model
  const { data: updates } = useUpdates()
  const untold = updates?.updates.find((update) => update.id === id && update.reason !== null)?.reason ?? undefined
  const shared = sizeBytes === null || ownBytes === null ? 0 : sizeBytes - ownBytes
  return (
    <div className={styles['about']}>
      <dl className={styles['facts']}>
        <Fact name="In">
          {folder} <span className={styles['dim']}>({sources[source]})</span>
        </Fact>
        {facts !== null && (
          <Fact name="Can">
            {abilitiesOf(facts)} <span className={styles['dim']}>({facts.modelType})</span>
          </Fact>
        )}
        {facts !== null && <Fact name="Weights">{bytes(facts.weightsBytes)}</Fact>}
        {shared > 0 && <Fact name="Shared">{bytes(shared)} with other models</Fact>}
        {facts !== null && !shadowed && <Fact name="Answers to">{[id, ...usedBy].join(', ')}</Fact>}
      </dl>
      {facts?.remoteCode === true && (
        <Text size="sm" className={styles['warn']}>
          It wants to run Python code of its own, which is not allowed unless the settings say so.
        </Text>
      )}
      {untold !== undefined && (
        <Text size="sm" c="dimmed">
          Whether the hub has something newer could not be told: {untold}
        </Text>
      )}
      {(revisions.length > 1 || revisions.some(({ incomplete }) => incomplete !== null) || newer.length > 0) && (
        <Revisions model={model} newer={newer} />
      )}
      <Verify model={model}>
        {facts !== null && !shadowed && (
          <Button component={Link} href={profileOf(id)}>
            Make a profile
          </Button>
        )}
        <DeleteModel model={model} />
      </Verify>
    </div>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
