/** What can be done with a profile. */
import { Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from 'wouter'
import type { ServerView } from '../../../../src/api/admin/admin.ts'
import { logsOf, talkTo } from '../../parts/links.ts'
import { ServerButtons } from '../../parts/server-buttons.tsx'
import type { Profile } from '../../parts/use-profiles.ts'
import { addresses } from './address.ts'
import { DeleteProfile } from './delete-profile.tsx'
import styles from './profiles.module.css'
import { TestProfile } from './test-profile.tsx'

interface Props {
  readonly profile: Profile
  readonly server: ServerView | undefined
}

export function ProfileActions({ profile, server }: Props) {
  const { name, readOnly } = profile
  const [deleting, { open, close }] = useDisclosure(false)
  return (
    <div className={styles['actions']}>
      <ServerButtons server={server} name={name} />
      <TestProfile name={name} />
      {!readOnly && (
        <Button component={Link} href={addresses.edit(name)} aria-label={`Edit ${name}`}>
          Edit
        </Button>
      )}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button aria-label={`More to do with ${name}`}>More</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component={Link} href={talkTo(name)}>
            Talk
          </Menu.Item>
          <Menu.Item component={Link} href={addresses.like(name)}>
            Duplicate
          </Menu.Item>
          <Menu.Item component={Link} href={logsOf(name)}>
            Logs
          </Menu.Item>
          {!readOnly && (
            <Menu.Item color="var(--bad)" onClick={open}>
              Delete…
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {!readOnly && <DeleteProfile profile={profile} server={server} opened={deleting} close={close} />}
    </div>
  )
}
