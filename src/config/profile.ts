/** A profile's settings, checked: what the schema says of each field, and what the fields must be for each other. */
import { GatewayError } from '../errors.ts'
import { isRecord, parseConfigFile } from './file.ts'
import { problemsOf, writtenPath, type Problem } from './problems.ts'
import { profileSettings, type ProfileSettings } from './schema.ts'

/** What there is to say of a profile, whole or half written. */
export interface ExaminedProfile {
  /** Everything that is wrong with it, each with the field as it is written: `aliases[1]`; empty for the whole. */
  readonly problems: readonly { readonly path: string; readonly message: string }[]
  /** The profile as far as it can be read: a field at fault is as if it were not given, and a name that cannot be is stood in for. */
  readonly draft: ProfileSettings
}

const standIn = { name: 'unnamed' }

/** Looks at each field, then at what those that can be read must be for each other. */
export function examineProfile(input: unknown): ExaminedProfile {
  const ofFields = fieldProblems(input)
  const faulty = new Set(ofFields.map(({ path }) => path[0]))
  // a fault of the whole has no field
  const given = isRecord(input) && !faulty.has(undefined) ? input : undefined
  const readable = Object.entries(given ?? {}).filter(([key]) => !faulty.has(key))
  const draft = profileSettings.parse({ ...standIn, ...Object.fromEntries(readable) })
  const ofAll = given === undefined || faulty.has('engine') ? [] : profileProblems(draft)
  const problems = [...ofFields, ...ofAll.filter(({ path }) => !faulty.has(path[0]))]
  return { problems: problems.map(({ path, message }) => ({ path: writtenPath(path), message })), draft }
}

function fieldProblems(input: unknown): readonly Problem[] {
  try {
    return profileSettings.safeParse(input).error?.issues.flatMap((issue) => problemsOf(issue, ['profiles', 0])) ?? []
  } catch (error) {
    // the schema follows JSON down as far as it goes, and the stack does not
    if (error instanceof RangeError) return [{ path: [], message: 'is nested too deeply' }]
    throw error
  }
}

/** Reads a profile as the admin API or the store has it. Throws GatewayError `invalid_request` that names every problem; `param` is
 *  the first field at fault. */
export function readProfile(input: unknown): ProfileSettings {
  const { problems, draft } = examineProfile(input)
  const [first] = problems
  if (first === undefined) return draft
  const message = problems.map(({ path, message }) => `${path || 'profile'}: ${message}`).join('; ')
  const param = first.path === '' ? {} : { param: first.path }
  throw new GatewayError('invalid_request', `This profile cannot be used: ${message}`, param)
}

const exampleProfile = '{ name: small, model: /srv/models/smol }'

/** Reads a profile written as YAML or JSON. Throws GatewayError `invalid_request`. */
export function readProfileText(text: string): ProfileSettings {
  const { values, problems } = parseConfigFile(text, `one profile, for example: ${exampleProfile}`)
  if (problems.length > 0) throw new GatewayError('invalid_request', `This is not a profile: ${problems.join('; ')}.`)
  if ('profiles' in values) {
    throw new GatewayError(
      'invalid_request',
      `This is a configuration file; write one profile alone, for example: ${exampleProfile}`,
    )
  }
  return readProfile(values)
}

/** What its fields must be for each other. */
function profileProblems(profile: ProfileSettings): readonly Problem[] {
  return [...engineProblems(profile), ...revisionProblems(profile), ...ownNameProblems(profile)]
}

function revisionProblems({ revision, model }: ProfileSettings): readonly Problem[] {
  if (revision === undefined || (model !== undefined && !/^[/~.]/.test(model))) return []
  return [{ path: ['revision'], message: 'belongs to the repo id of a hub model; a folder has no revisions' }]
}

/** What the profiles of a file must be for themselves and for each other. Those that the schema refuses are left to it. */
export function declaredProblems(input: unknown): readonly Problem[] {
  const owners = new Map<string, string>()
  return (Array.isArray(input) ? input : []).flatMap((written: unknown, index) => {
    const parsed = profileSettings.safeParse(written)
    if (!parsed.success) return []
    const problems = [...profileProblems(parsed.data), ...sharedNames(parsed.data, owners)]
    return problems.map(({ path, message }) => ({ path: ['profiles', index, ...path], message }))
  })
}

/** Names that an earlier profile answers to; those of this one are added to the owners. */
function sharedNames({ name, aliases }: ProfileSettings, owners: Map<string, string>): readonly Problem[] {
  const names = [{ name, path: ['name'] }, ...aliases.map((alias, at) => ({ name: alias, path: ['aliases', at] }))]
  const shared = names.filter((candidate) => owners.has(candidate.name))
  const problems = shared.map((taken) => ({
    path: taken.path,
    message: `"${taken.name}" is a name of profile "${owners.get(taken.name)}" already`,
  }))
  for (const candidate of names) if (!owners.has(candidate.name)) owners.set(candidate.name, name)
  return problems
}

function engineProblems({ engine, command, model }: ProfileSettings): readonly Problem[] {
  switch (engine) {
    case 'mlx-lm':
      if (model === undefined)
        return [{ path: ['model'], message: 'is missing; engine mlx-lm needs a folder or a repo id' }]
      return command === undefined ? [] : [{ path: ['command'], message: 'belongs to engine: command' }]
    case 'command':
      return commandProblems(command ?? [], model).map((message) => ({ path: ['command'], message }))
  }
}

function commandProblems(command: readonly string[], model: string | undefined): readonly string[] {
  if (command.length === 0)
    return ['is missing; engine command needs an argv, for example [my-server, --port, "${port}"]']
  const takes = (placeholder: string) => command.some((argument) => argument.includes(placeholder))
  const problems = []
  if (!takes('${port}')) problems.push('must hold ${port}, so that the server listens where the gateway looks for it')
  if (takes('${model}') && model === undefined) problems.push('holds ${model}, but the profile has no model')
  return problems
}

function ownNameProblems({ name, aliases }: ProfileSettings): readonly Problem[] {
  return aliases.flatMap((alias, at) =>
    alias === name || aliases.indexOf(alias) < at
      ? [{ path: ['aliases', at], message: `"${alias}" is a name of this profile already` }]
      : [],
  )
}
