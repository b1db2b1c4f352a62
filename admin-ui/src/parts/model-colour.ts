/** A model keeps its colour everywhere, and over reloads: the colours are given out in the order in which models were first seen. */

const colours = 8
const place = 'model-colours'

let given: Record<string, number> | undefined

/** The CSS colour of a profile. */
export function modelColour(profile: string | null | undefined): string {
  if (profile === null || profile === undefined) return 'var(--other)'
  given ??= read()
  let index = given[profile]
  if (index === undefined) {
    index = leastUsed(Object.values(given))
    given = { ...given, [profile]: index }
    write(given)
  }
  return `var(--model-${index})`
}

/** The first of the colours that fewest models have. */
export function leastUsed(taken: readonly number[]): number {
  const uses = Array.from({ length: colours }, (_, colour) => taken.filter((one) => one === colour).length)
  return uses.indexOf(Math.min(...uses))
}

function read(): Record<string, number> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? '{}')
    if (typeof kept !== 'object' || kept === null) return {}
    const whole = Object.entries(kept).filter(
      ([, colour]) => Number.isInteger(colour) && colour >= 0 && colour < colours,
    )
    return Object.fromEntries(whole)
  } catch {
    // storage may be closed to this page; colours are then given anew each time
    return {}
  }
}

function write(colours: Record<string, number>): void {
  try {
    localStorage.setItem(place, JSON.stringify(colours))
  } catch {
    // as above
  }
}
