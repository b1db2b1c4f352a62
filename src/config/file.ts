/** The YAML file: its values, and which line each of them stands on. */
import { isMap, isNode, isPair, isSeq, LineCounter, parseDocument, type Node } from 'yaml'
import { messageOf } from '../errors.ts'

export interface ConfigFile {
  /** As written; `{}` for an empty file. */
  readonly values: Readonly<Record<string, unknown>>
  /** Of the value at this path, or of the nearest thing around it; a key of a map is found by its name. */
  lineOf(path: readonly PropertyKey[]): number
  /** Why it is not YAML that can be used, one text each. */
  readonly problems: readonly string[]
}

/** Never throws: whatever is wrong stands in `problems`. */
export function parseConfigFile(text: string, wanted = 'settings, for example: server: { port: 8090 }'): ConfigFile {
  const { value, lineOf, problems } = parseYaml(text)
  if (problems.length > 0) return { values: {}, lineOf, problems }
  const values = value ?? {}
  return isRecord(values) ? { values, lineOf, problems } : { values: {}, lineOf, problems: [`It must hold ${wanted}`] }
}

/** The same of YAML that may hold anything. `merge`: a key `<<` stands for all the entries of what it names. Texts that grow beyond measure
 *  by naming their own parts again and again are a problem as well. */
export function parseYaml(
  text: string,
  options: { readonly merge?: boolean } = {},
): Pick<ConfigFile, 'lineOf' | 'problems'> & { readonly value: unknown } {
  const lines = new LineCounter()
  const document = parseDocument(text, { ...options, lineCounter: lines })
  const problems = [...document.errors, ...document.warnings].map(({ message }) => message.replace(/:?\n[^]*$/, ''))
  const lineOf = (path: readonly PropertyKey[]) => lines.linePos(offsetOf(document.contents, path)).line
  if (problems.length > 0) return { value: undefined, lineOf, problems }
  try {
    const value: unknown = document.toJS()
    return { value, lineOf, problems }
  } catch (thrown) {
    return { value: undefined, lineOf, problems: [messageOf(thrown)] }
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Where the innermost thing on the path that the file has begins, in characters. */
function offsetOf(contents: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = contents
  let offset = contents?.range?.[0] ?? 0
  for (const key of path) {
    const found = childOf(node, key)
    if (found === undefined) break
    offset = found.offset ?? offset
    node = found.node
  }
  return offset
}

function childOf(node: unknown, key: PropertyKey): { node: unknown; offset: number | undefined } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(key)]
    return isNode(item) ? { node: item, offset: item.range?.[0] } : undefined
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find((item) => isPair(item) && String(item.key) === key)
  if (pair === undefined) return undefined
  return { node: pair.value, offset: isNode(pair.key) ? pair.key.range?.[0] : undefined }
}
