/** Opens the palette, whose code comes later than the page. */
import { say } from '../parts/say.ts'

/** As its keys are written here, and as `useHotkeys` knows them; a Mac's Ctrl+K is a key of its text fields. */
export const shortcut = /mac|iphone|ipad/i.test(navigator.userAgent)
  ? { written: '⌘ K', keys: 'meta+K' }
  : { written: 'Ctrl K', keys: 'ctrl+K' }

export function openPalette(): void {
  void say.failure(import('./palette.tsx').then(({ spotlight }) => spotlight.open()))
}
