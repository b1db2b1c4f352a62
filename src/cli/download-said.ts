/** A download, in words for people. */
import { read } from './admin-client.ts'
import { withRevision } from './model-name.ts'
import { size, span } from './print.ts'
import type { Client } from './session.ts'

export type Download = Awaited<ReturnType<typeof showDownload>>

export function showDownload(client: Client, id: number) {
  return read(client.downloads[':id'].$get({ param: { id: String(id) } }))
}

/** What it does now, and how far it has come: 0 to 1 where that says something. */
export function downloadSaid(download: Download): readonly [message: string, share: number | undefined] {
  const { state, reason, bytes, totalBytes } = download
  if (state === 'paused') return [reason ?? state, undefined]
  if (state === 'queued') return ['waits for its turn', undefined]
  const left = timeLeft(download)
  const how = [rate(download), left && `${left} left`, state === 'verifying' ? state : undefined]
  const said = [`${size(bytes)} of ${size(totalBytes)}`, ...how.filter(Boolean)]
  return [said.join(' · '), totalBytes === 0 ? undefined : bytes / totalBytes]
}

/** Why nothing comes, and what lets it go on; undefined where there is nothing to say. */
export function whyItRests({ repo, revision, state, reason }: Download): string | undefined {
  if (state !== 'failed') return reason ?? undefined
  return `${reason ?? 'It has failed.'} Try again with: mlx-gateway pull ${withRevision(repo, revision)}`
}

export function rate({ bytesPerSecond }: Download): string | undefined {
  return bytesPerSecond === null ? undefined : `${size(bytesPerSecond)}/s`
}

/** In whole seconds: it is an estimate. */
export function timeLeft({ leftMs }: Download): string | undefined {
  return leftMs === null || leftMs === 0 ? undefined : span(Math.ceil(leftMs / 1000) * 1000)
}
