/** What a profile can say, one field at a time, read off the schema: for whoever draws a form. */
import { z } from 'zod'
import { leavesOf, unwrap, type Leaf } from './leaves.ts'
import { profileSettings } from './schema.ts'

export interface ProfileField extends Pick<Leaf, 'description' | 'unit' | 'choices' | 'min' | 'max'> {
  readonly name: string
  /** `texts`: texts by name · `parameters`: of a request, any JSON by name */
  readonly kind: Exclude<Leaf['kind'], 'boolean or text'> | 'texts' | 'parameters'
  readonly required: boolean
  /** What it is where it is not given; undefined where that is nothing, or for others to say. */
  readonly default: unknown
}

/** In the order of the schema. */
export const profileFields: readonly ProfileField[] = Object.entries<z.ZodType>(profileSettings.shape).flatMap(
  ([name, schema]) => leavesOf(schema, [name]).map((leaf) => fieldOf(name, schema, leaf)),
)

function fieldOf(name: string, schema: z.ZodType, leaf: Leaf): ProfileField {
  const { description, unit, choices, min, max } = leaf
  const absent = schema.safeParse(undefined)
  return {
    name,
    kind: kindOf(unwrap(schema), leaf),
    description,
    unit,
    choices,
    min,
    max,
    required: !absent.success,
    default: absent.data,
  }
}

function kindOf(schema: z.ZodType, { kind }: Leaf): ProfileField['kind'] {
  if (schema instanceof z.ZodRecord) return schema.valueType instanceof z.ZodString ? 'texts' : 'parameters'
  return kind === 'boolean or text' ? 'text' : kind
}
