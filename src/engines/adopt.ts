/** What profile would run a command line that somebody else wrote. Pure: it is read, never run. */
import { basename } from 'node:path'
import { adoptCommand } from './adopt-command.ts'
import { adoptMlxLm } from './adopt-mlx-lm.ts'
import type { Adopted } from './adopted.ts'
import { givenIn } from './given-flags.ts'
import { knownPrograms, recognise } from './known-program.ts'

/** `words`: its port as `${port}`, where it has one. 1. mlx_lm.server, which the gateway brings along. 2. Another MLX server that is here.
 *  3. Anything else. */
export function adopt(words: readonly string[]): Adopted {
  const recognised = recognise(words)
  if (recognised === undefined) return { reason: strange(words) } // 3
  const given = givenIn(recognised.flags)
  return recognised.program === 'mlx_lm.server' ? adoptMlxLm(recognised, given) : adoptCommand(recognised, given) // 1, 2
}

function strange(words: readonly string[]): string {
  const gguf = words.some((word) => /\.gguf\b/i.test(word)) ? ', and its model is a GGUF file' : ''
  const known = knownPrograms.join(', ')
  const runs = `It runs ${basename(words[0] ?? '')}, which is none of the MLX servers known here (${known})${gguf}.`
  return `${runs} Any OpenAI-compatible server can have a profile of your own with engine: command.`
}
