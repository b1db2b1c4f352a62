/** The door of the router: which target answers to a name. */
import { isName, pullCommand, type Catalog, type Model, type Profile, type Served } from '../catalog/catalog.ts'
import { GatewayError } from '../errors.ts'
import { choose, echo, namesOf, nearest, type Choice, type Names } from './choose.ts'
import { listing, type ListedModel } from './listing.ts'

/** Where a name leads. */
export interface Target extends Served {
  /** The name asked for, echoed in every answer. */
  readonly name: string
}

export interface Router {
  /** 1. The name of a profile, 2. an alias, 3. the id of a local model, then without regard to case where only one fits. An unknown name
   *  makes the catalog look again, once. Throws GatewayError `model_not_found` naming the nearest, or `model_load_failed` for a model
   *  that is there but not whole. */
  resolve(name: string): Promise<Target>
  /** Everything that can be asked for, as last found. */
  list(): readonly ListedModel[]
}

export { echo, nearest } from './choose.ts'
export type { ListedModel } from './listing.ts'

export interface RouterParts {
  readonly catalog: Pick<
    Catalog,
    'profiles' | 'models' | 'incomplete' | 'localProfile' | 'modelOf' | 'serve' | 'refreshIfStale'
  >
  readonly now: () => number
}

/** What a profile serves is looked up anew after so many milliseconds. In between a request costs no look at the disk: a server that runs
 *  has its model in memory, and one that must be started seldom follows another request so closely. */
const CHECK_AFTER = 5000

export function createRouter({ catalog, now }: RouterParts): Router {
  const names = createNames(catalog)
  const checked = createChecked(catalog.serve, now)

  async function find(name: string): Promise<Choice> {
    if (!isName(name)) throw unknown(name, names())
    const choice = choose(name, names())
    if (choice !== undefined) return choice
    await catalog.refreshIfStale()
    const found = choose(name, names())
    if (found !== undefined) return found
    throw incomplete(name, catalog) ?? unknown(name, names())
  }

  return {
    async resolve(name) {
      const choice = await find(name)
      const profile = choice.kind === 'profile' ? choice.profile : catalog.localProfile(choice.model)
      const served = await checked(profile)
      return { ...served, name }
    },
    list() {
      const locals = catalog.models().map((model) => ({ model, profile: catalog.localProfile(model) }))
      return listing(catalog.profiles(), locals, catalog.modelOf)
    },
  }
}

/** The names, reckoned anew only when the catalog's lists are new ones. */
function createNames(catalog: Pick<Catalog, 'profiles' | 'models'>): () => Names {
  let profiles: readonly Profile[] = []
  let models: readonly Model[] = []
  let names = namesOf(profiles, models)
  return () => {
    if (profiles !== catalog.profiles() || models !== catalog.models()) {
      profiles = catalog.profiles()
      models = catalog.models()
      names = namesOf(profiles, models)
    }
    return names
  }
}

/** What profiles serve, asked of the catalog once in a while; requests that come together share one look. A changed profile is a new
 *  object and so is asked about at once; a failure is not remembered. */
function createChecked(serve: Catalog['serve'], now: () => number): (profile: Profile) => Promise<Served> {
  const known = new WeakMap<Profile, { readonly at: number; readonly served: Promise<Served> }>()
  return (profile) => {
    const entry = known.get(profile)
    if (entry !== undefined && Math.abs(now() - entry.at) < CHECK_AFTER) return entry.served
    const served = serve(profile)
    known.set(profile, { at: now(), served })
    served.catch(() => known.delete(profile))
    return served
  }
}

function incomplete(name: string, catalog: Pick<Catalog, 'incomplete'>): GatewayError | undefined {
  const model = catalog.incomplete().find(({ id }) => id === name)
  if (model === undefined) return undefined
  const advice = model.resumable ? ` \`${pullCommand(name)}\` brings what is missing.` : ''
  const message = `Model ${echo(name)} is on this machine but cannot be used: ${model.reason}.${advice}`
  return new GatewayError('model_load_failed', message, { param: 'model' })
}

function unknown(name: string, { exact }: Names): GatewayError {
  const near = nearest(name, exact.keys())
  const guess = near.length === 0 ? '' : ` Did you mean ${near.map(echo).join(' or ')}?`
  // only what the hub may have: `owner/name`
  const advice = isName(name) && name.includes('/') ? ` \`${pullCommand(name)}\` fetches it from the hub.` : ''
  const message = `No model is called ${echo(name)}.${guess}${advice} GET /v1/models lists every name that can be asked for.`
  return new GatewayError('model_not_found', message, { param: 'model' })
}
