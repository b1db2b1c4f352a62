/** The version of this package. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseObject } from '../wire/json.ts'

// two folders up both from src/cli and from dist/cli
const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')

export const version = String(parseObject(text)?.['version'])
