/** The settings one by one, read off the schema: path, environment variable, and what a text becomes for it. */
import { z } from 'zod'
import { settings } from './schema.ts'
import { amounts } from './units.ts'

export interface Leaf {
  /** `server.maxBody` */
  readonly path: string
  readonly keys: readonly string[]
  /** `MLX_GATEWAY_SERVER_MAX_BODY` */
  readonly variable: string
  readonly kind: 'text' | 'number' | 'boolean' | 'boolean or text' | 'list'
  /** What its value is reckoned in, where people write it otherwise. */
  readonly unit: 'ms' | 'bytes' | undefined
  readonly description: string
  /** All that it may be, where that is little. */
  readonly choices: readonly string[] | undefined
  readonly min: number | undefined
  readonly max: number | undefined
  /** Never shown, nor taken from a command line, which every process on the machine can read. */
  readonly secret: boolean
}

/** Every setting, in the order of the schema. */
export const leaves: readonly Leaf[] = leavesOf(settings, [])

/** The keys an object of the settings may have; the path may lead through lists. Undefined where anything goes. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] | undefined {
  const end = path.reduce<z.ZodType | undefined>((schema, key) => childOf(schema, key), settings)
  return end === undefined ? undefined : shapeOf(end) && Object.keys(shapeOf(end) ?? {})
}

/** What a text from the environment or a flag becomes before the schema sees it. What does not fit stays a text, for the schema to refuse. */
export function fromText(kind: Leaf['kind'], text: string): unknown {
  switch (kind) {
    case 'text':
      return text
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
    case 'boolean':
    case 'boolean or text':
      return text === 'true' || text === 'false' ? text === 'true' : text
    case 'list':
      return text.startsWith('[')
        ? fromJson(text)
        : text
            .split(',')
            .map((item) => item.trim())
            .filter(Boolean)
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export function leavesOf(schema: z.ZodType, keys: readonly string[]): readonly Leaf[] {
  const shape = shapeOf(schema)
  if (shape !== undefined) return Object.entries(shape).flatMap(([key, child]) => leavesOf(child, [...keys, key]))
  const variable = ['mlxGateway', ...keys].map(screaming).join('_')
  const inner = unwrap(schema)
  const { secret = false, description = '' } = schema.meta() ?? {}
  const choices = inner instanceof z.ZodEnum ? inner.options.map(String) : undefined
  const named = { path: keys.join('.'), keys, variable, description, secret: secret === true }
  return [{ ...named, kind: kindOf(inner), choices, ...amountOf(inner) }]
}

function amountOf(schema: z.ZodType): Pick<Leaf, 'unit' | 'min' | 'max'> {
  if (schema instanceof z.ZodNumber)
    return { unit: undefined, min: boundOf(schema.minValue), max: boundOf(schema.maxValue) }
  const { unit, min, max } = amounts.get(schema) ?? {}
  return { unit, min, max }
}

/** Every int has the bounds of what a number can count to; those say nothing. */
function boundOf(bound: number | null): number | undefined {
  return bound === null || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound
}

/** `maxBody` → `MAX_BODY`, `mlx-lm` → `MLX_LM` */
function screaming(key: string): string {
  return key.replaceAll(/[A-Z]/g, '_$&').replaceAll('-', '_').toUpperCase()
}

function kindOf(schema: z.ZodType): Leaf['kind'] {
  if (schema instanceof z.ZodArray) return 'list'
  if (schema instanceof z.ZodNumber) return 'number'
  if (schema instanceof z.ZodBoolean) return 'boolean'
  if (schema instanceof z.ZodUnion && schema.options.some((option) => option instanceof z.ZodBoolean)) {
    return 'boolean or text'
  }
  return 'text'
}

function childOf(schema: z.ZodType | undefined, key: PropertyKey): z.ZodType | undefined {
  if (schema === undefined) return undefined
  const inner = unwrap(schema)
  if (inner instanceof z.ZodArray && inner.element instanceof z.ZodType) return inner.element
  return typeof key === 'string' ? shapeOf(inner)?.[key] : undefined
}

function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  const inner = unwrap(schema)
  return inner instanceof z.ZodObject ? inner.shape : undefined
}

export function unwrap(schema: z.ZodType): z.ZodType {
  const wrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
  if (!wrapped) return schema
  const inner = schema.unwrap()
  return inner instanceof z.ZodType ? unwrap(inner) : schema
}
