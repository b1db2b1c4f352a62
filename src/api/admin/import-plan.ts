/** What importing a file of profiles would do, one after the other; nothing is saved. */
import { examineProfile, expandProfileHome } from '../../config/config.ts'
import type { ProfileSettings, ProfilesFile, SwappedModel } from '../../config/config.ts'
import { adopt } from '../../engines/engines.ts'
import { isObject } from '../../wire/json.ts'
import type { House } from '../door.ts'

/** A profile in a file, as somebody wrote it or would have written it here; or why there is none. */
export interface Candidate {
  readonly name: string
  readonly written: { readonly settings: unknown } | { readonly reason: string }
  readonly notes: readonly string[]
}

export interface Planned {
  readonly name: string
  /** `skip`: for its `problems`. */
  readonly action: 'create' | 'replace' | 'skip'
  readonly settings: ProfileSettings | undefined
  readonly problems: readonly string[]
  /** What is different from the file, in sentences. */
  readonly notes: readonly string[]
}

/** Profiles of ours as they are, llama-swap's models by what their commands would be here. */
export function candidatesOf(file: ProfilesFile): readonly Candidate[] {
  if (file.form === 'llama-swap') return file.models.map(candidateOf)
  return file.profiles.map((settings, at) => {
    const name = isObject(settings) ? settings['name'] : undefined
    return { name: typeof name === 'string' ? name : `profiles[${at}]`, written: { settings }, notes: [] }
  })
}

function candidateOf({ id: name, command, settings, notes }: SwappedModel): Candidate {
  if ('reason' in command) return { name, written: command, notes }
  const adopted = adopt(command.words)
  if ('reason' in adopted) return { name, written: adopted, notes }
  const { servedModel, ...beside } = settings
  const { model, engine, environment } = adopted.settings
  // mlx-lm knows its model by no name, and where the model's own name was meant, that is a folder now
  const renamed = engine === 'command' && servedModel !== undefined && servedModel !== model
  const merged = {
    ...adopted.settings,
    ...beside,
    ...(renamed ? { servedModel } : {}),
    environment: { ...environment, ...(isObject(beside['environment']) ? beside['environment'] : {}) },
  }
  const relative = model?.startsWith('.') ? ['Its model is a relative path: write the whole path.'] : []
  return { name, written: { settings: { name, ...merged } }, notes: [...adopted.notes, ...notes, ...relative] }
}

/** Each as if those before it had been saved. */
export function planOf(
  candidates: readonly Candidate[],
  { catalog, config }: Pick<House, 'catalog' | 'config'>,
): readonly Planned[] {
  const saved: ProfileSettings[] = []
  return candidates.map(({ name, written, notes }): Planned => {
    const skip = (problems: readonly string[]): Planned => ({
      name,
      action: 'skip',
      settings: undefined,
      problems,
      notes,
    })
    if ('reason' in written) return skip([written.reason])
    const { problems, draft } = examineProfile(written.settings)
    if (problems.length > 0) return skip(problems.map(({ path, message }) => `${path || 'profile'}: ${message}`))
    const settings = expandProfileHome(draft, config.homeDirectory)
    const replaces = catalog.profiles().find((profile) => profile.origin === 'store' && profile.name === name)?.name
    const refusals = catalog.refusals(settings, replaces, saved)
    if (refusals.length > 0) return { ...skip(refusals.map(({ message }) => message)), settings }
    saved.push(settings)
    return { name, action: replaces === undefined ? 'create' : 'replace', settings, problems: [], notes }
  })
}
