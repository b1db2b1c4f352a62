/** Keeps the keyboard's place: where what had the focus goes away, something near it takes it over. */
import { useEffect, useRef } from 'react'

let last: EventTarget | null = null
document.addEventListener('focusin', ({ target }) => {
  last = target
})

/** For the element that takes over when this value has changed and what had the focus is gone. */
export function useHeldFocus<Heir extends HTMLElement>(value: unknown) {
  const heir = useRef<Heir>(null)
  const before = useRef(value)
  useEffect(() => {
    const isLost = document.activeElement === document.body && last instanceof Node && !last.isConnected
    if (isLost && before.current !== value) heir.current?.focus({ preventScroll: true })
    before.current = value
  }, [value])
  return heir
}
