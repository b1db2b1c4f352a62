/** A profile's settings as its form holds them, and back. Pure. */
import { wordsOf } from '../../../../src/wire/command-line.ts'
import type { api } from '../../api.ts'
import { durationText, sizeText } from './amounts.ts'
import { lineOf } from './command-line.ts'
import { plainRowsOf, readPlainRows, readRows, rowsOf } from './parameter-rows.ts'
import type { Row } from './parameter-rows.ts'
import type { Problem } from './problems.ts'

/** As it is written to the gateway. */
export type WrittenProfile = Parameters<typeof api.profiles.$post>[0]['json']
/** The same, however the values of its parameters are typed. */
export type ProfileSettings = Omit<WrittenProfile, 'defaults' | 'force'> & {
  readonly defaults?: Readonly<Record<string, unknown>> | undefined
  readonly force?: Readonly<Record<string, unknown>> | undefined
}

/** Texts as they are typed; '' and empty lists are left out of the settings. */
export interface FormValues {
  readonly name: string
  readonly aliases: string[]
  readonly engine: NonNullable<ProfileSettings['engine']>
  readonly model: string
  readonly revision: string
  /** As a command line. */
  readonly command: string
  readonly arguments: string
  readonly environment: Row[]
  readonly servedModel: string
  readonly adapter: string
  readonly draftModel: string
  readonly context: number | ''
  readonly defaults: Row[]
  readonly force: Row[]
  readonly idle: string
  readonly pinned: boolean
  readonly preload: boolean
  readonly concurrency: number | ''
  readonly memory: string
}

export type Field = keyof FormValues

export function valuesOf(settings: Partial<ProfileSettings>): FormValues {
  return {
    name: settings.name ?? '',
    aliases: [...(settings.aliases ?? [])],
    engine: settings.engine ?? 'mlx-lm',
    model: settings.model ?? '',
    revision: settings.revision ?? '',
    command: lineOf(settings.command ?? []),
    arguments: lineOf(settings.arguments ?? []),
    environment: [...plainRowsOf(settings.environment)],
    servedModel: settings.servedModel ?? '',
    adapter: settings.adapter ?? '',
    draftModel: settings.draftModel ?? '',
    context: settings.context ?? '',
    defaults: [...rowsOf(settings.defaults)],
    force: [...rowsOf(settings.force)],
    idle: durationText(settings.idle),
    pinned: settings.pinned ?? false,
    preload: settings.preload ?? false,
    concurrency: settings.concurrency ?? '',
    memory: sizeText(settings.memory),
  }
}

/** Nothing is written in it. */
export function isBlank(value: FormValues[Field]): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0)
}

export interface ReadForm {
  /** Without what cannot be read, and without what is not given; the gateway says what is missing. */
  readonly settings: Partial<ProfileSettings>
  /** What only the form can tell: what it holds is no JSON, no command line. */
  readonly problems: readonly Problem[]
}

/** 1. A command belongs to engine `command` alone; what was written there before another was chosen stays in the form. */
export function settingsOf(values: FormValues): ReadForm {
  const words = lines(values, values.engine === 'command' ? ['command', 'arguments'] : ['arguments']) // 1
  const environment = readPlainRows('environment', values.environment)
  const defaults = readRows('defaults', values.defaults)
  const force = readRows('force', values.force)
  const settings = {
    ...texts(values, ['name', 'model', 'revision', 'servedModel', 'adapter', 'draftModel', 'idle', 'memory']),
    aliases: values.aliases,
    engine: values.engine,
    ...words.read,
    environment: environment.entries,
    defaults: defaults.entries,
    force: force.entries,
    ...(values.context === '' ? {} : { context: values.context }),
    ...(values.concurrency === '' ? {} : { concurrency: values.concurrency }),
    pinned: values.pinned,
    preload: values.preload,
  }
  return {
    settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => !isEmpty(value))),
    problems: [...words.problems, ...environment.problems, ...defaults.problems, ...force.problems],
  }
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function texts<Name extends Field>(values: { readonly [name in Name]: string }, names: readonly Name[]) {
  const given = names.flatMap((name) => (values[name].trim() === '' ? [] : [[name, values[name].trim()] as const]))
  return Object.fromEntries(given) as { [name in Name]?: string }
}

function lines(values: FormValues, fields: readonly ('command' | 'arguments')[]) {
  const read: { command?: string[]; arguments?: string[] } = {}
  const problems: Problem[] = []
  for (const path of fields) {
    const words = wordsOf(values[path])
    if (words === undefined) problems.push({ path, message: 'A quote is not closed.' })
    else read[path] = [...words]
  }
  return { read, problems }
}

/** The first free of `name`, `name-2`, `name-3`, … */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const names = [name, ...Array.from({ length: taken.size }, (_, index) => `${name}-${index + 2}`)]
  return names.find((candidate) => !taken.has(candidate)) ?? name
}

/** A new profile of a model: by the last part of its id or of its folder. */
export function ofModel(model: string, taken: ReadonlySet<string>): Partial<ProfileSettings> {
  const last = model.split('/').findLast((part) => part !== '') ?? ''
  return { name: freeName(last, taken), model }
}

/** A profile like another, which answers to none of its names. */
export function likeAnother(settings: ProfileSettings, taken: ReadonlySet<string>): Partial<ProfileSettings> {
  const last = settings.name.split('/').at(-1) ?? ''
  return { ...settings, name: freeName(last, taken), aliases: [] }
}
