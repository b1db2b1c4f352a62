/** A server's state: a colour, and always a word beside it. */
import { Badge } from '@mantine/core'
import type { ServerView } from '../../../src/api/admin/admin.ts'

export function StatePill({ server }: { readonly server: ServerView }) {
  const [colour, word] = stateOf(server)
  return <Badge color={colour}>{word}</Badge>
}

/** Only what needs a person is red; only what is moving is amber. */
export function stateOf({ state, active, progress }: ServerView): readonly [colour: string, word: string] {
  switch (state) {
    case 'ready':
      return active > 0 ? ['var(--accent)', `${active} answering`] : ['var(--ok)', 'ready']
    case 'starting':
      return ['var(--warn)', progress?.phase ?? 'starting']
    case 'stopping':
      return ['var(--warn)', 'unloading']
    case 'failed':
      return ['var(--bad)', 'failed']
    case 'stopped':
      return ['var(--idle)', 'not loaded']
  }
}
