/** A download, in words for people. */
import { read } from './admin-client.ts'
import type { Client } from './session.ts'
import { size, span } from './print.ts'

export type Download = Awaited<ReturnType<typeof showDownload>>

export function showDownload(client: Client, id: number) {
  return read(client.downloads[':id'].$get({ param: { id: String(id) } }))
}

/** What it does now, and how far it has come: 0 to 1 where that says something. */
export function downloadSaid(download: Download): readonly [message: string, share: number | undefined] {
  const { state, reason, bytes, totalBytes, leftMs } = download
  if (state === 'paused') return [reason ?? 'paused', undefined]
  if (state === 'queued') return ['waits for its turn', undefined]
  const speed = rate(download)
  const how = [
    speed,
    leftMs === null || leftMs === 0 ? undefined : `${span(leftMs)} left`,
    state === 'verifying' ? state : undefined,
  ]
  const said = [`${size(bytes)} of ${size(totalBytes)}`, ...how.filter((part) => part !== undefined)]
  return [said.join(' · '), totalBytes === 0 ? undefined : bytes / totalBytes]
}

export function rate({ bytesPerSecond }: Download): string | undefined {
  return bytesPerSecond === null ? undefined : `${size(bytesPerSecond)}/s`
}
