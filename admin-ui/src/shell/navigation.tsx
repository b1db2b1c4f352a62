/** The list of pages, and the way out. */
import { Badge, Kbd, Menu, UnstyledButton } from '@mantine/core'
import { Link, useLocation } from 'wouter'
import { useLive } from '../live.ts'
import { say } from '../parts/say.ts'
import { pages } from '../routes.ts'
import { signOut } from '../session.ts'
import { openPalette, shortcut } from './open-palette.ts'
import styles from './shell.module.css'

export function Navigation() {
  const [location] = useLocation()
  const failed = useLive(({ servers }) => [...servers.values()].filter(({ state }) => state === 'failed').length)
  return (
    <>
      <Link href="/" className={styles['brand']}>
        mlx-gateway
      </Link>
      {pages.map(({ path, name }) => (
        <Link key={path} href={path} className={styles['link']} aria-current={location === path ? 'page' : undefined}>
          {name}
          {path === '/logs' && failed > 0 && (
            <Badge color="var(--bad)" size="sm" aria-label={`${failed} failed`}>
              {failed}
            </Badge>
          )}
        </Link>
      ))}
      <div className={styles['foot']}>
        <UnstyledButton className={styles['link']} onClick={openPalette}>
          Go to… <Kbd size="xs">{shortcut.written}</Kbd>
        </UnstyledButton>
        <Menu position="top-start" withinPortal>
          <Menu.Target>
            <UnstyledButton className={styles['link']}>Sign out</UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void say.failure(signOut('here'))}>On this device</Menu.Item>
            <Menu.Item onClick={() => void say.failure(signOut('everywhere'))}>Everywhere</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </>
  )
}
