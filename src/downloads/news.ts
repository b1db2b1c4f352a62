/** Which files of a download an event tells of: a model may have thousands, and each event goes to everybody who watches. */
import type { FileProgress } from './event.ts'

/** Per event. */
const MOST_MOVED = 50
const MOST_AT_A_CHANGE = 200

export interface FileNews {
  /** Those that have moved since they were told of; what is too many for one event comes with the next. */
  moved(files: readonly FileProgress[]): readonly FileProgress[]
  /** All of them, or so many, first those that have moved. */
  changed(files: readonly FileProgress[]): readonly FileProgress[]
}

export function createFileNews(): FileNews {
  const told = new Map<string, number>()
  const hasMoved = ({ path, bytes }: FileProgress): boolean => told.get(path) !== bytes

  function tell(files: readonly FileProgress[]): readonly FileProgress[] {
    for (const { path, bytes } of files) told.set(path, bytes)
    return files
  }

  return {
    moved: (files) => tell(files.filter(hasMoved).slice(0, MOST_MOVED)),
    changed(files) {
      if (files.length <= MOST_AT_A_CHANGE) return tell(files)
      const [moved, others] = [files.filter(hasMoved), files.filter((file) => !hasMoved(file))]
      return tell([...moved, ...others].slice(0, MOST_AT_A_CHANGE))
    },
  }
}
