/** What pip and uv print, as progress. */
import type { Progress } from './engine.ts'

/** Shares of the whole at which each stage ends; the environment is made before the first, the import test comes after the last. */
const CREATED = 0.03
const RESOLVED = 0.25
const DOWNLOADED = 0.85
const INSTALLED = 0.95

/** Makes a reader for the lines of one installation of about `expected` packages. It answers with progress that never goes back,
 *  or undefined for a line that says nothing new. Works with pip 23 to 26 and uv. */
export function readProgress(expected: number): (line: string) => Progress | undefined {
  const collected = new Set<string>()
  const fetched = new Set<string>()
  let share = CREATED

  function progress(message: string, reached: number): Progress {
    share = Math.max(share, Math.min(reached, INSTALLED))
    return { phase: 'installing', message, share }
  }
  const part = (from: number, to: number, count: number): number => from + (to - from) * Math.min(count / expected, 1)

  return (line) => {
    const collecting = /^Collecting ([\w.-]+)/.exec(line)?.[1]
    if (collecting !== undefined) {
      collected.add(collecting)
      return progress(`Collecting ${collecting}`, part(CREATED, RESOLVED, collected.size))
    }
    if (/^Resolved \d+ packages/.test(line)) return progress('Downloading packages', RESOLVED)

    const [, name, size] = /^\s*(?:Downloading|Downloaded|Using cached) (\S+)(?: \((.+)\))?/.exec(line) ?? []
    if (name !== undefined) {
      // Its description, of a few kB, is fetched to find out what it needs.
      if (name.endsWith('.metadata')) return undefined
      const started = line.startsWith('Downloading ') && !name.includes('.whl')
      if (!started) fetched.add(name)
      const shown = name
        .replace(/^.*\//, '')
        .replace(/-.*\.whl$/, '')
        .replaceAll('_', '-')
      return progress(
        `Downloading ${shown}${size === undefined ? '' : ` (${size})`}`,
        part(RESOLVED, DOWNLOADED, fetched.size),
      )
    }
    if (/^(Installing collected packages|Prepared \d+ packages?)/.test(line))
      return progress('Installing packages', DOWNLOADED)
    if (/^(Successfully installed|Installed \d+ packages?)/.test(line)) return progress('Packages installed', INSTALLED)
    return undefined
  }
}
