/** The admin API: everything a person may see and do, behind the admin token. `AdminApi` is its type, for the CLI's and the UI's client. */
import { GatewayError } from '../../errors.ts'
import { createDoors } from '../door.ts'
import { diskUse } from './disk.ts'
import { downloads } from './downloads.ts'
import { engines } from './engines.ts'
import { hub } from './hub.ts'
import { keys } from './keys.ts'
import { live } from './live.ts'
import { models } from './models.ts'
import { profiles } from './profiles.ts'
import { requests } from './requests.ts'
import { servers } from './servers.ts'
import { settings } from './settings.ts'
import { modelUpdates } from './updates.ts'
import { verification } from './verify.ts'

const mostBytes = 1024 ** 2
const doors = createDoors()

doors.use(async (c, next) => {
  c.set('identity', c.env.house.access.authenticate(c.req.header(), 'admin'))
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

export const admin = doors
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
  .route('/', requests)
  .route('/', live)

export type AdminApi = typeof admin
