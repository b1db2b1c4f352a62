/** What a download's record holds: the files, as a JSON text, and what becomes of one that is damaged. Pure. */
import type { HubFile } from '../hub/hub.ts'
import type { DownloadRow } from '../store/store.ts'
import { isObject } from '../wire/json.ts'

export const DAMAGED = 'Its record is damaged: take it off the list and pull again.'

/** The row and its files; one that cannot be read is a download that has failed, for it must not keep the gateway from starting. */
export function recordOf(row: DownloadRow): { readonly row: DownloadRow; readonly files: readonly HubFile[] } {
  const files = parseFiles(row.files)
  if (files !== undefined) return { row, files }
  return { row: { ...row, state: 'failed', pausedBy: null, reason: DAMAGED, bytes: 0 }, files: [] }
}

function parseFiles(json: string): readonly HubFile[] | undefined {
  const value = parsed(json)
  return Array.isArray(value) && value.length > 0 && value.every(isFile) ? value : undefined
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function isFile(value: unknown): value is HubFile {
  return (
    isObject(value) &&
    typeof value['path'] === 'string' &&
    typeof value['bytes'] === 'number' &&
    typeof value['blob'] === 'string' &&
    (value['hash'] === 'sha256' || value['hash'] === 'git-sha1')
  )
}
