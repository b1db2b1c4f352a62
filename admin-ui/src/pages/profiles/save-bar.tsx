/** Saves, or leaves; and how it stands with what is written. */
import { Button, Text } from '@mantine/core'
import { Link } from 'wouter'
import { ofMemory, some } from '../../parts/format.ts'
import { addresses } from './address.ts'
import type { Checked } from './use-check.ts'

interface Props {
  readonly busy: boolean
  /** How many things are amiss. */
  readonly problems: number
  readonly checked: Checked | undefined
}

export function SaveBar({ busy, problems, checked }: Props) {
  const standing = standingOf(problems, checked)
  return (
    <>
      <Button type="submit" size="sm" variant="filled" loading={busy}>
        Save
      </Button>
      <Button component={Link} href={addresses.list} size="sm">
        Cancel
      </Button>
      <Text size="sm" c={colours[standing.kind]} role="status">
        {standing.words}
      </Text>
    </>
  )
}

const colours = { amiss: 'var(--bad)', early: 'var(--warn)', well: 'dimmed' }

function standingOf(problems: number, checked: Checked | undefined) {
  if (problems > 0) return { kind: 'amiss', words: `${some(problems, 'thing')} to put right` } as const
  const { memory = null, warnings = [], problems: amiss = [] } = checked ?? {}
  if (warnings.length > 0 && amiss.length === 0)
    return { kind: 'early', words: 'can be saved, but not served yet' } as const
  return {
    kind: 'well',
    words: memory === null ? '' : `takes ~${ofMemory(memory.reservedBytes)}: ${memory.fit}`,
  } as const
}
