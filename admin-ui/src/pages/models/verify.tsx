/** Reads every file of a model again, says what is broken, and has that fetched again. */
import { Button, Progress, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { amountOf, percentOf } from '../../parts/download-words.ts'
import { bytes, time } from '../../parts/format.ts'
import styles from './models.module.css'
import type { LocalModel } from '../../parts/use-models.ts'
import { stopVerifying, useVerification, verify } from './use-verification.ts'
import { isBad, isUnderWay, verdict } from './verification.ts'
import type { CheckedFile, Verification } from './verification.ts'

/** `children`: what else can be done with the model. */
export function Verify({ model, children }: { readonly model: LocalModel; readonly children: ReactNode }) {
  const state = useVerification(model.folder)
  const busy = state !== null && isUnderWay(state)
  return (
    <>
      <div className={styles['row']}>
        {busy ? (
          <Button onClick={() => stopVerifying(model.folder)}>Stop verifying</Button>
        ) : (
          <Button onClick={() => void verify(model, false)} aria-label={`Verify ${model.id}`}>
            Verify
          </Button>
        )}
        {children}
      </div>
      {state !== null && (
        <div className={styles['verified']}>
          <Said state={state} model={model} />
        </div>
      )}
    </>
  )
}

function Said({ state, model }: { readonly state: Verification; readonly model: LocalModel }) {
  const manyRevisions = model.revisions.length > 1
  switch (state.kind) {
    case 'reading':
      return (
        <Bar
          share={state.totalBytes === null || state.totalBytes === 0 ? 0 : state.bytes / state.totalBytes}
          what={
            state.totalBytes === null
              ? 'Looking at its files'
              : `Read ${bytes(state.bytes)} of ${bytes(state.totalBytes)} · ${percentOf(state.bytes, state.totalBytes)}`
          }
        />
      )
    case 'fetching':
      return (
        <>
          <Files files={state.files} manyRevisions={manyRevisions} />
          <Bar
            share={state.download === undefined ? 0 : state.download.bytes / Math.max(1, state.download.totalBytes)}
            what={
              state.download === undefined ? 'Fetching them again' : `Fetching them again: ${amountOf(state.download)}`
            }
          />
        </>
      )
    case 'failed':
      return (
        <>
          <Files files={state.files} manyRevisions={manyRevisions} />
          <Text size="sm" className={styles['bad']} role="alert">
            {state.message}
          </Text>
        </>
      )
    case 'read':
      return (
        <>
          <Text size="sm" role="status">
            {verdict(state.files)}
            {state.mended && ' They were fetched again and are right now.'}{' '}
            <span className={styles['dim']}>{time(state.at)}</span>
          </Text>
          <Files files={state.files} manyRevisions={manyRevisions} />
          {!state.mended && state.files.some(isBad) && <Mend model={model} />}
        </>
      )
  }
}

function Mend({ model }: { readonly model: LocalModel }) {
  if (model.source === 'folder' || model.source === 'lmstudio') {
    return (
      <Text size="sm" c="dimmed">
        It lies in a plain folder, and nobody knows where its files came from: put them there again.
      </Text>
    )
  }
  return (
    <div>
      <Button variant="filled" onClick={() => void verify(model, true)} aria-label={`Repair ${model.id}`}>
        Repair
      </Button>
    </div>
  )
}

interface FilesProps {
  readonly files: readonly CheckedFile[]
  readonly manyRevisions: boolean
}

function Files({ files, manyRevisions }: FilesProps) {
  const bad = files.filter(isBad)
  if (bad.length === 0) return null
  return (
    <ul className={styles['broken']}>
      {bad.map(({ path, revisions, state, why }) => (
        <li key={`${path} ${revisions.join(' ')}`}>
          <code>{path}</code>
          {manyRevisions && ` of ${revisions.map((commit) => commit.slice(0, 12)).join(', ')}`} is {state}
          {why !== undefined && `: ${why}`}
        </li>
      ))}
    </ul>
  )
}

function Bar({ share, what }: { readonly share: number; readonly what: string }) {
  return (
    <div className={styles['progress']}>
      <Text size="sm">{what}</Text>
      <Progress value={100 * share} size={4} aria-label="Done of it" />
    </div>
  )
}
