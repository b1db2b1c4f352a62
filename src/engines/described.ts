/** Remembers what executables said of themselves, also across starts: asking takes a second. */
import { mkdir, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { replaceDurably } from './durable.ts'
import type { Description } from './executable.ts'
import { isExecutable } from './search-path.ts'

interface Remembered {
  readonly path: string
  /** Changes when the file does. */
  readonly stamp: string
  readonly flags: readonly string[]
  readonly version: string | null
  readonly python: string | null
}

type Describe = (executable: string, signal: AbortSignal) => Promise<Description>

/** `ask`, but only once per file and change of it. `memory`: the file for the answers; it may be lost or broken at no harm. */
export function rememberDescriptions(ask: Describe, memory: string): Describe {
  let entries: readonly Remembered[] | undefined

  return async (executable, signal) => {
    const { mtimeMs, size } = await stat(executable)
    const stamp = `${mtimeMs} ${size}`
    entries ??= await read(memory)
    const kept = entries.find(({ path }) => path === executable)
    if (kept?.stamp === stamp && (kept.python === null || (await isExecutable(kept.python)))) {
      return { flags: new Set(kept.flags), version: kept.version ?? undefined, python: kept.python ?? undefined }
    }
    const description = await ask(executable, signal)
    const { version = null, python = null } = description
    const fresh = { path: executable, stamp, flags: [...description.flags], version, python }
    entries = [...entries.filter(({ path }) => path !== executable), fresh]
    await mkdir(dirname(memory), { recursive: true })
    await replaceDurably(memory, JSON.stringify(entries, undefined, 1))
    return description
  }
}

async function read(memory: string): Promise<Remembered[]> {
  try {
    const kept: unknown = JSON.parse(await readFile(memory, 'utf8'))
    return Array.isArray(kept) ? kept.filter(isRemembered) : []
  } catch {
    // Absent or broken: the executables are asked again.
    return []
  }
}

function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== 'object' || value === null) return false
  if (!('path' in value && 'stamp' in value && 'flags' in value && 'version' in value && 'python' in value))
    return false
  const { path, stamp, flags, version, python } = value
  const textOrNull = [version, python].every((one) => one === null || typeof one === 'string')
  return typeof path === 'string' && typeof stamp === 'string' && Array.isArray(flags) && textOrNull
}
