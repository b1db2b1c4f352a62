/** What is looked for: at once as it is typed, settled once the typing has paused, and in the page's address. */
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { addressOf, wishOf } from './wish.ts'
import type { Wish } from './wish.ts'

/** The hub is asked once the typing has paused for so long. */
const pauseMs = 300

export interface Wishes {
  readonly wish: Wish
  readonly settled: Wish
  readonly change: (wish: Wish) => void
}

/** An address that somebody else has written, by a link to this page say, is taken over; the own one is not, for the typing may be ahead of it. */
export function useWish(): Wishes {
  const search = useSearch()
  const [, go] = useLocation()
  const [wish, change] = useState(() => wishOf(new URLSearchParams(search)))
  const [settled] = useDebouncedValue(wish, pauseMs)
  const written = useRef(search)
  useEffect(() => {
    const query = addressOf(settled)
    if (query === written.current) return
    written.current = query
    go(query === '' ? '/models' : `/models?${query}`, { replace: true })
  }, [settled, go])
  useEffect(() => {
    if (search === written.current) return
    written.current = search
    change(wishOf(new URLSearchParams(search)))
  }, [search])
  return { wish, settled, change }
}
