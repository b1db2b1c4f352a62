/** Everything that can be asked for. Pure. */
import {
  isStarter,
  STARTER,
  type Capability,
  type Model,
  type Profile,
  type ProfileOrigin,
} from '../catalog/catalog.ts'

export interface ListedModel {
  /** What to ask for. */
  readonly id: string
  readonly profile: Profile
  readonly aliases: readonly string[]
  /** Absent where it has not been found, or is the server's own affair (engine `command`). */
  readonly model: Model | undefined
  readonly capabilities: readonly Capability[]
  /** Tokens. */
  readonly contextLength: number | undefined
  readonly origin: ProfileOrigin
  /** False where its model is not on disk and nobody will fetch it. */
  readonly available: boolean
}

/** What a server is taken for whose model is not known. */
const USUAL_CAPABILITIES: readonly Capability[] = ['chat', 'completion']

/** Profiles in their order, then the local models that no profile has taken the name of. A model that can do nothing this gateway is
 *  asked for (speech, pictures) is not listed by itself. */
export function listing(
  profiles: readonly Profile[],
  locals: readonly { readonly model: Model; readonly profile: Profile }[],
  modelOf: (profile: Profile) => Model | undefined,
): readonly ListedModel[] {
  const taken = new Set(profiles.flatMap(({ name, aliases }) => [name, ...aliases]))
  const free = locals.filter(({ model }) => !taken.has(model.id) && model.facts.capabilities.length > 0)
  return [
    ...profiles.map((profile) => listed(profile, modelOf(profile))),
    ...free.map(({ model, profile }) => listed(profile, model)),
  ]
}

function listed(profile: Profile, model: Model | undefined): ListedModel {
  const { name, aliases, origin, engine } = profile
  const starter = isStarter(profile)
  const facts = model?.facts ?? (starter ? STARTER : undefined)
  return {
    id: name,
    profile,
    aliases,
    model,
    capabilities: facts?.capabilities ?? USUAL_CAPABILITIES,
    contextLength: facts?.contextLength,
    origin,
    available: model !== undefined || starter || engine === 'command',
  }
}
