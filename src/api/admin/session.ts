/** Signing in to the admin page and out of it: a cookie that the page's scripts cannot read, for the admin token or a one-time code. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { sessionCookie } from '../../access/access.ts'
import { answer, createDoors, jsonContent, refusal, toAnybody } from '../door.ts'
import type { DoorEnv } from '../door.ts'

const time = z.int().describe('ms since 1970')
const shown = z
  .union([z.strictObject({ token: z.string().min(1) }), z.strictObject({ code: z.string().min(1) })], {
    error: 'must be { "token": … } or { "code": … }',
  })
  .openapi('SignIn', { description: 'The admin token, or the code of a one-time link' })
const tags = ['session']

const open = createRoute({
  method: 'post',
  path: '/session',
  tags,
  summary: 'Sign in: sets the cookie that opens this API and /v1 to the gateway’s own page',
  security: toAnybody,
  request: { body: { required: true, content: jsonContent(shown) } },
  responses: { 200: answer('Signed in', z.object({ expiresAt: time })), default: refusal },
})
const show = createRoute({
  method: 'get',
  path: '/session',
  tags,
  summary: 'Tell who asks, be it by cookie, token or key',
  responses: { 200: answer('Who', z.object({ name: z.string(), expiresAt: time.nullable() })), default: refusal },
})
const close = createRoute({
  method: 'delete',
  path: '/session',
  tags,
  summary: 'Sign out, also the streams that are open',
  responses: {
    200: answer('Signed out; 0: there was no session', z.object({ signedOut: z.int() })),
    default: refusal,
  },
})
const closeAll = createRoute({
  ...close,
  path: '/sessions',
  summary: 'Sign out everywhere, also the streams that are open; one-time links are worth nothing any more',
  responses: { 200: answer('So many sessions are over', z.object({ signedOut: z.int() })), default: refusal },
})
const makeCode = createRoute({
  method: 'post',
  path: '/session/code',
  tags,
  summary: 'Make a code that signs in once; the link is /admin/sign-in#CODE',
  responses: {
    201: answer('The code, told this once', z.object({ code: z.string(), expiresAt: time })),
    default: refusal,
  },
})

/** Stands open: who comes here shows in the body who they are. */
export const signIn = createDoors().openapi(open, (c) => {
  const { house, raw } = c.env
  const from = raw?.incoming.socket.remoteAddress ?? 'here'
  const { secret, expiresAt } = house.access.signIn(c.req.valid('json'), from)
  setCookie(c, sessionCookie, secret, { ...cookieOf(c), maxAge: Math.floor((expiresAt - Date.now()) / 1000) })
  return c.json({ expiresAt }, 200)
})

export const session = createDoors()
  .openapi(show, (c) => {
    const { name, expiresAt } = c.var.identity
    return c.json({ name, expiresAt }, 200)
  })
  .openapi(close, (c) => {
    const signedOut = c.env.house.access.signOut(c.req.header()) ? 1 : 0
    deleteCookie(c, sessionCookie, cookieOf(c))
    return c.json({ signedOut }, 200)
  })
  .openapi(closeAll, (c) => {
    const signedOut = c.env.house.access.signOutAll()
    deleteCookie(c, sessionCookie, cookieOf(c))
    return c.json({ signedOut }, 200)
  })
  .openapi(makeCode, (c) => c.json(c.env.house.access.makeCode(), 201))

/** For https alone where the browser says that it speaks it; the gateway itself does not, and whoever stands in front could say anything. */
function cookieOf(c: Context<DoorEnv>) {
  const secure = c.req.header('origin')?.startsWith('https:') === true
  return { httpOnly: true, sameSite: 'Strict', path: '/', secure } as const
}
