/** Deletes a profile, once somebody has read what that loses; for a moment it can be taken back. */
import { Text } from '@mantine/core'
import type { ServerView } from '../../../../src/api/admin/admin.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { say } from '../../parts/say.ts'
import type { Profile } from '../../parts/use-profiles.ts'
import { create, remove } from './changes.ts'
import { lossesOf } from './deletion.ts'

interface Props {
  readonly profile: Profile
  readonly server: ServerView | undefined
  readonly opened: boolean
  readonly close: () => void
}

export function DeleteProfile({ profile, server, opened, close }: Props) {
  const { name, settings } = profile
  const run = async () => {
    await remove(name)
    say.done(`Deleted ${name}.`, () => create(settings))
  }
  return (
    <Confirm opened={opened} close={close} title={`Delete ${name}?`} act="Delete" run={run}>
      <Text ta="left">{lossesOf(profile, server).join(' ')}</Text>
    </Confirm>
  )
}
