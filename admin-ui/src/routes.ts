/** Every page: its path, its name, and its code, fetched when it is first opened. */
import { lazy } from 'react'
import type { ComponentType } from 'react'
import { Dashboard } from './pages/dashboard/dashboard.tsx'

export interface PageRoute {
  readonly path: string
  readonly name: string
  /** Below the name where the palette lists it. */
  readonly about: string
  readonly page: ComponentType
}

export const pages: readonly PageRoute[] = [
  { path: '/', name: 'Dashboard', about: 'Memory, servers and what happens now', page: Dashboard },
  {
    path: '/models',
    name: 'Models',
    about: 'What is on disk, and the hub',
    page: lazy(() => import('./pages/models/models.tsx')),
  },
  {
    path: '/profiles',
    name: 'Profiles',
    about: 'How models are served',
    page: lazy(() => import('./pages/profiles/profiles.tsx')),
  },
  {
    path: '/playground',
    name: 'Playground',
    about: 'Talk to a model',
    page: lazy(() => import('./pages/playground/playground.tsx')),
  },
  {
    path: '/requests',
    name: 'Requests',
    about: 'Who asked what, and how long it took',
    page: lazy(() => import('./pages/requests/requests.tsx')),
  },
  {
    path: '/logs',
    name: 'Logs',
    about: 'Of each server and of the gateway',
    page: lazy(() => import('./pages/logs/logs.tsx')),
  },
  { path: '/keys', name: 'Keys', about: 'Who may ask', page: lazy(() => import('./pages/keys/keys.tsx')) },
  {
    path: '/connect',
    name: 'Connect',
    about: 'Settings to copy into your client',
    page: lazy(() => import('./pages/connect/connect.tsx')),
  },
  {
    path: '/settings',
    name: 'Settings',
    about: 'What is in effect, and where it comes from',
    page: lazy(() => import('./pages/settings/settings.tsx')),
  },
]

/** Not in the navigation. */
export const firstRun = lazy(() => import('./pages/start/start.tsx'))
