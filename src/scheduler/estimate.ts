/** How long a request will still wait, as far as that can honestly be told. Pure. */

/** A profile whose server has to come, or is in the way. Ms; undefined: not known yet. */
export interface Party {
  /** `absent`: has no server yet, or a newer one than that which is in the way. */
  readonly state: 'absent' | 'loading' | 'ready' | 'leaving'
  /** How long it has been loading; how long ago a request was last let in. */
  readonly forMs: number
  readonly usualLoadMs: number | undefined
  /** How long its requests usually have their place. */
  readonly serviceMs: number | undefined
  readonly concurrency: number
  /** Requests that wait for it. */
  readonly waiting: number
}

/**
 * Ms until the request at this `position` is let in; undefined where something is not known, or takes longer than it usually does:
 *
 * 1. Its server is loading: what is left of a usual load, then its turn.
 * 2. Its server is ready, and all places are taken: they come free one after another.
 * 3. Else those in the way must end first, then its own server loads.
 */
export function estimate(own: Party, position: number, inTheWay: readonly Party[]): number | undefined {
  if (own.state === 'loading') return plus(loadLeft(own), untilTurn(own, position)) // 1
  if (own.state === 'ready' && inTheWay.length === 0) return untilPlace(own, position) // 2
  const others = inTheWay.reduce<number | undefined>((most, other) => longer(most, untilGone(other)), 0)
  return plus(plus(others, own.usualLoadMs), untilTurn(own, position)) // 3
}

function untilPlace({ concurrency, serviceMs }: Party, position: number): number | undefined {
  return serviceMs === undefined ? undefined : (serviceMs * position) / concurrency
}

function loadLeft({ usualLoadMs, forMs }: Party): number | undefined {
  return left(usualLoadMs, forMs)
}

/** Once its server is ready: those ahead fill the places, once or several times. */
function untilTurn({ concurrency, serviceMs }: Party, position: number): number | undefined {
  const rounds = Math.floor((position - 1) / concurrency)
  return rounds === 0 ? 0 : serviceMs === undefined ? undefined : rounds * serviceMs
}

/** The request that was let in last is the last to end. */
function untilGone(party: Party): number | undefined {
  switch (party.state) {
    case 'leaving':
      return 0
    case 'ready':
      return party.waiting > 0 ? undefined : left(party.serviceMs, party.forMs)
    case 'loading':
      return plus(loadLeft(party), party.serviceMs)
    case 'absent':
      return undefined
  }
}

function left(usualMs: number | undefined, forMs: number): number | undefined {
  return usualMs === undefined || usualMs <= forMs ? undefined : usualMs - forMs
}

function plus(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other
}

function longer(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.max(one, other)
}
