/** A line of the log as a person reads it. */

/** The Swedish write dates as ISO does. */
const clock = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' })

/** `2026-01-31 12:04:31.123 INFO server.ready profile=small pid=7 loadMs=12`, in this machine's time. */
export function readable(json: string): string {
  const line: Record<string, unknown> = JSON.parse(json)
  const { level, time, msg, ...facts } = line
  const at = new Date(String(time))
  const millisecond = String(at.getMilliseconds()).padStart(3, '0')
  const known = Object.entries(facts).filter(([, fact]) => fact !== null)
  const words = known.map(([name, fact]) => `${name}=${inWords(fact)}`)
  return [`${clock.format(at)}.${millisecond}`, String(level).toUpperCase(), msg, ...words].join(' ')
}

/** Words that need no quotes stand without; a fact stays on its line. */
function inWords(fact: unknown): string {
  return typeof fact === 'string' && /^[\w./:@+-]+$/.test(fact) ? fact : JSON.stringify(fact)
}
