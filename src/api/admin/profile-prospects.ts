/** What would become of a profile if somebody asked for it now: nothing is started, fetched or written for it. */
import { foresee, type Foresight, type Profile, type Served } from '../../catalog/catalog.ts'
import { anyPort } from '../../engines/engines.ts'
import { messageOf } from '../../errors.ts'
import type { House } from '../door.ts'

export interface Prospects {
  /** Undefined where what it serves was not found. */
  readonly served: Served | undefined
  /** The exact command line; undefined where it cannot be told before something is there that is not. */
  readonly command: readonly string[] | undefined
  /** Why it could not be served at the moment, in sentences. */
  readonly warnings: readonly string[]
}

type Rooms = Pick<House, 'catalog' | 'engines'>

/** Rejects only with the signal's reason. */
export async function prospectsOf(
  profile: Profile,
  { catalog, engines }: Rooms,
  signal: AbortSignal,
): Promise<Prospects> {
  let served: Served | undefined
  try {
    served = await catalog.serve(profile)
    // the starter, whose folder is only known once it has been fetched
    if (profile.engine === 'mlx-lm' && served.model === undefined) return { served, command: undefined, warnings: [] }
    const engine = engines.engine(profile.engine)
    const { file, arguments: rest } = engine.command(await engine.preview(served, signal), anyPort)
    return { served, command: [file, ...rest], warnings: [] }
  } catch (error) {
    signal.throwIfAborted()
    return { served, command: undefined, warnings: [messageOf(error)] }
  }
}

/** How much memory it would be given, beside all that runs but its own server; undefined where nobody can tell before its model is there. */
export function memoryOf(
  profile: Profile,
  served: Served | undefined,
  instead: readonly string[],
  { scheduler, settings }: Pick<House, 'scheduler' | 'settings'>,
): Foresight | undefined {
  if (served === undefined && profile.memory === undefined) return undefined
  const { budgetBytes, profiles } = scheduler.snapshot()
  const others = profiles.filter((other) => !instead.includes(other.profile))
  const reservedBytes = others.reduce((sum, other) => sum + other.reservedBytes, 0)
  const room = { budgetBytes, reservedBytes }
  return foresee(served ?? { profile, model: undefined }, room, settings.live.memory.default)
}
