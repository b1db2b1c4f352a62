/** The model that most tests of the hub's cache are about, at two commits. */
import { commitOf, tinyFiles } from './hub-cache.ts'
import { tinyConfig } from './model-folder.ts'

export const id = 'owner/name'
export const [old, next] = [commitOf('a'), commitOf('b')]

/** What is in the second of them; all but the configuration is in the first as well. */
export const nextFiles = { ...tinyFiles, 'config.json': JSON.stringify({ ...tinyConfig, vocab_size: 300 }) }
