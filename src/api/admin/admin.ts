/** The admin API: everything a person may see and do who has the admin token, or signed in with it. `AdminApi` is its type, for the CLI's and
 *  the UI's client. */
import { GatewayError } from '../../errors.ts'
import { createDoors } from '../door.ts'
import { diskUse } from './disk.ts'
import { downloads } from './downloads.ts'
import { engines } from './engines.ts'
import { hub } from './hub.ts'
import { keys } from './keys.ts'
import { live } from './live.ts'
import { logs } from './logs.ts'
import { models } from './models.ts'
import { profileCheck } from './profile-check.ts'
import { profileExchange } from './profile-exchange.ts'
import { fieldsOfProfiles } from './profile-fields.ts'
import { profileTest } from './profile-test.ts'
import { profiles } from './profiles.ts'
import { requests } from './requests.ts'
import { servers } from './servers.ts'
import { session, signIn } from './session.ts'
import { settings } from './settings.ts'
import { modelUpdates } from './updates.ts'
import { verification } from './verify.ts'

const mostBytes = 1024 ** 2
const doors = createDoors()

doors.use(async (c, next) => {
  const length = Number(c.req.header('content-length') ?? 0)
  if (length > mostBytes || c.req.header('transfer-encoding') !== undefined) {
    throw new GatewayError(
      'request_too_large',
      'The admin API takes bodies of 1 MiB at most, with their Content-Length.',
    )
  }
  c.header('cache-control', 'no-store')
  await next()
})

/** What comes before the guard stands open. */
const guarded = doors.route('/', signIn)
guarded.use(async (c, next) => {
  c.set('identity', c.env.house.access.authenticate(c.req.header(), 'admin'))
  await next()
})

export const admin = guarded
  .route('/', session)
  .route('/', profileCheck)
  .route('/', profileExchange)
  .route('/', fieldsOfProfiles)
  .route('/', profileTest)
  .route('/', profiles)
  .route('/', models)
  .route('/', diskUse)
  .route('/', verification)
  .route('/', modelUpdates)
  .route('/', hub)
  .route('/', downloads)
  .route('/', servers)
  .route('/', engines)
  .route('/', keys)
  .route('/', settings)
  .route('/', logs)
  .route('/', requests)
  .route('/', live)

// or it would be taken for a place within the page
admin.all('*', (c) => c.notFound())

export type AdminApi = typeof admin
export type { DownloadView } from './downloads.ts'
export type { LiveEvent, LiveSnapshot, Memory, TellableEvent } from './live-shapes.ts'
export type { LiveRequest, RequestView } from './request-view.ts'
export type { ServersView, ServerView } from './server-view.ts'
