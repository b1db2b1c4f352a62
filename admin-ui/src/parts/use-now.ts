/** The gateway's time, for countdowns: ticks once a second, and only where it is shown. */
import { useEffect, useState } from 'react'
import { useLive } from '../live.ts'

/** Ms since 1970 by the gateway's clock. */
export function useNow(everyMs = 1_000): number {
  const offset = useLive(({ clockOffset }) => clockOffset)
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now + offset
}
