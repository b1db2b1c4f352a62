/** The profiles by where they come from, and what there is to say of each. Pure. */
import type { ServerView } from '../../../../src/api/admin/admin.ts'
import { duration, ofMemory, unknown } from '../../parts/format.ts'
import type { Profile } from '../../parts/use-profiles.ts'

export interface Shelf {
  readonly id: 'own' | 'file' | 'disk'
  readonly title: string
  /** What these are, and why they cannot be changed here where that is so. */
  readonly about: string
  readonly profiles: readonly Profile[]
}

const shelves = [
  {
    id: 'own',
    title: 'Made here',
    about: 'Each serves a model under names of your own, with its own settings.',
    of: ['store'],
  },
  {
    id: 'file',
    title: 'From the configuration file',
    about: 'They are changed in the file, and hold from the next start on. Duplicate one to change it here.',
    of: ['file'],
  },
  {
    id: 'disk',
    title: 'Models on this machine, as they are',
    about:
      'Each answers to its own id, with the usual settings. Duplicate one to give it a name and settings of its own.',
    of: ['local', 'starter'],
  },
] as const

/** Own ones are always there, be it to say that there are none. */
export function shelvesOf(profiles: readonly Profile[]): readonly Shelf[] {
  return shelves
    .map(({ of, ...shelf }) => ({
      ...shelf,
      profiles: profiles.filter(({ origin }) => of.some((one) => one === origin)),
    }))
    .filter(({ id, profiles }) => id === 'own' || profiles.length > 0)
}

/** Every word is in one of its names, in its model's or in its engine's. */
export function isNamed(text: string, { name, aliases, model, engine }: Profile): boolean {
  const names = [name, ...aliases, model ?? '', engine].join(' ').toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => names.includes(word))
}

/** In small letters below the name. */
export function notesOf({ name, aliases, model, revision, engine, origin }: Profile): readonly string[] {
  return [
    model === undefined || model === name ? undefined : `${model}${revision === undefined ? '' : ` at ${revision}`}`,
    engine === 'command' ? 'a command of its own' : engine,
    aliases.length === 0 ? undefined : `also ${aliases.join(', ')}`,
    origin === 'starter' ? 'the starter model' : undefined,
  ].filter((note) => note !== undefined)
}

/** 1. What is reserved for its server, and how much that holds of it. 2. What would be reserved, estimated where nobody has set it. */
export function memoryOf(
  { reservedBytes, memory }: Profile,
  server: ServerView | undefined,
): readonly [reserved: string, note: string] {
  if (server !== undefined && server.reservedBytes > 0) {
    return [ofMemory(server.reservedBytes), server.memoryBytes === null ? '' : `holds ${ofMemory(server.memoryBytes)}`] // 1
  }
  if (reservedBytes === null) return [unknown, '']
  return [`${memory === undefined ? '~' : ''}${ofMemory(reservedBytes)}`, ''] // 2
}

/** When it leaves, and what else holds for its life. */
export function lifeOf({ idle, pinned, preload }: Profile, server: ServerView | undefined): readonly [string, string] {
  const kept = server?.pinned ?? pinned
  const leaves = kept ? 'never: it is kept' : idle === 0 ? 'only to make room' : `after ${duration(idle)} idle`
  return [leaves, preload ? 'starts with the gateway' : '']
}
