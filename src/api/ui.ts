/** The built admin page, as files. It holds nothing by itself: what it shows, it asks the admin API for. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import type { Context, MiddlewareHandler } from 'hono'
import { etag } from 'hono/etag'
import { createDoors } from './door.ts'
import type { DoorEnv } from './door.ts'

/** Nothing from elsewhere, no script but its own files, and no frame around it. Its components write styles into elements. */
const policy = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data: blob:`,
  `font-src 'self'`,
  `connect-src 'self'`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
].join('; ')
const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
}
/** A file under assets/ bears its content in its name. */
const forever = 'public, max-age=31536000, immutable'

type Serve = MiddlewareHandler<DoorEnv>

const built: Serve = async (c, next) => {
  if (!existsSync(join(c.env.house.pageDirectory, 'index.html'))) {
    return c.text('The admin page has not been built yet. In the folder of mlx-gateway, run: npm run build\n', 503)
  }
  for (const [name, value] of Object.entries(headers)) c.header(name, value)
  return next()
}

const rewriteRequestPath = (path: string) => path.slice('/admin'.length)

/** Goes on to the next where there is no such file. Looked up anew each time: the page may be built again meanwhile. */
const files: Serve = (c, next) => {
  return serveStatic<DoorEnv>({ root: c.env.house.pageDirectory, precompressed: true, rewriteRequestPath })(c, next)
}

/** A place within the page, which finds its own way there. A model in its address may look like a file's ending; a browser that opens the
 *  address in a tab says that it wants a page. */
const places: Serve = (c, next) => {
  if (/\.[^/]*$/.test(c.req.path) && !wantsPage(c)) return next()
  return serveStatic<DoorEnv>({ root: c.env.house.pageDirectory, precompressed: true, path: 'index.html' })(c, next)
}

const mayKeep =
  (rule: string): Serve =>
  (c, next) => {
    c.header('cache-control', rule)
    return next()
  }

function wantsPage(c: Context): boolean {
  return c.req.header('accept')?.includes('text/html') === true
}

export const page = createDoors()
page.get('/', (c, next) => (wantsPage(c) ? Promise.resolve(c.redirect('/admin/')) : next()))
page.get('/admin', (c) => c.redirect('/admin/', 308))
page.get('/admin/assets/*', built, mayKeep(forever), files, (c) => c.notFound())
page.get('/admin/*', built, mayKeep('no-cache'), etag(), files, places)
