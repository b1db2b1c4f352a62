/** The frame around every page: navigation, what is wrong with the connection, the palette. */
import { AppShell, Burger, Group, Text } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { lazy, Suspense, useEffect } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { firstRun, pages } from '../routes.ts'
import { Announcer } from './announcer.tsx'
import { Broken } from './broken.tsx'
import { ConnectionNotice } from './connection-notice.tsx'
import { Navigation } from './navigation.tsx'
import { NoPage } from './no-page.tsx'
import { openPalette, shortcut } from './open-palette.ts'
import { Waiting } from '../parts/waiting.tsx'
import styles from './shell.module.css'

const Palette = lazy(() => import('./palette.tsx'))

export function Shell() {
  const [opened, { toggle, close }] = useDisclosure(false)
  const [location] = useLocation()
  useEffect(close, [location, close])
  // also while somebody writes, and before the palette's code has come
  useHotkeys([[shortcut.keys, openPalette]], [])
  const name = pages.find(({ path }) => path === location)?.name
  useEffect(() => {
    document.title = name === undefined ? 'mlx-gateway' : `${name} · mlx-gateway`
  }, [name])
  return (
    <AppShell
      header={{ height: { base: 52, sm: 0 } }}
      navbar={{ width: 212, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={0}
      classNames={{ header: styles['header'], navbar: styles['navbar'], main: styles['main'] }}
    >
      <a className={styles['skip']} href="#content">
        Skip to the page
      </a>
      <AppShell.Header hiddenFrom="sm">
        <Group h="100%" px="md" gap="sm">
          <Burger
            opened={opened}
            onClick={toggle}
            size="sm"
            aria-label={opened ? 'Close navigation' : 'Open navigation'}
          />
          <Text fw={600}>mlx-gateway</Text>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label="Pages">
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <ConnectionNotice />
        <div className={styles['page']}>
          <Broken key={location}>
            <Suspense fallback={<Waiting />}>
              <Switch>
                {pages.map(({ path, page }) => (
                  <Route key={path} path={path} component={page} />
                ))}
                <Route path="/start" component={firstRun} />
                <Route component={NoPage} />
              </Switch>
            </Suspense>
          </Broken>
        </div>
      </AppShell.Main>
      <Announcer />
      <Suspense>
        <Palette />
      </Suspense>
    </AppShell>
  )
}
