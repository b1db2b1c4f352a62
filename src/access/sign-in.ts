/** Signing in to the admin page, and out of it. */
import type { IncomingHttpHeaders } from 'node:http'
import { GatewayError } from '../errors.ts'
import { createCodes, type Code } from './codes.ts'
import { createGuesses } from './guesses.ts'
import { readSessionCookies } from './session-cookie.ts'
import type { NewSession, Session, Sessions } from './sessions.ts'

/** By what somebody may sign in. */
export type Shown = { readonly token: string } | { readonly code: string }

export interface SignIn {
  /** `from`: the address of whoever asks. Throws GatewayError `invalid_api_key`, `too_many_attempts`, or `store_unusable`. */
  signIn(shown: Shown, from: string): NewSession
  /** Good for one sign-in. */
  makeCode(): Code
  /** Ends the session whose cookie is among these headers; false where there is none. Throws GatewayError `store_unusable` where it could
   *  not be written; it holds until the gateway ends even so. */
  signOut(headers: IncomingHttpHeaders): boolean
  /** Ends every session and the streams they have open, and makes every code worthless; how many sessions there were. Throws as `signOut`. */
  signOutAll(): number
}

export interface SignInParts {
  readonly sessions: Sessions
  readonly isAdminToken: (token: string) => boolean
  readonly now: () => number
}

export function createSignIn({ sessions, isAdminToken, now }: SignInParts): SignIn {
  const codes = createCodes(now)
  const guesses = createGuesses(now)

  function checkToken(token: string, from: string): void {
    guesses.check(from)
    if (isAdminToken(token)) return guesses.right(from)
    guesses.wrong(from)
    throw new GatewayError(
      'invalid_api_key',
      'This is not the admin token. It is in the file admin-token in the data directory; mlx-gateway admin prints a link that needs none.',
      { param: 'token' },
    )
  }

  /** Nobody guesses 256 bits, so nobody is made to wait: by a link one gets in also while others try tokens. */
  function checkCode(code: string): void {
    if (codes.redeem(code)) return
    throw new GatewayError(
      'invalid_api_key',
      'This link was used before or is too old. Get a new one: mlx-gateway admin.',
      { param: 'code' },
    )
  }

  return {
    signIn(shown, from) {
      if ('token' in shown) checkToken(shown.token, from)
      else checkCode(shown.code)
      return sessions.open()
    },
    makeCode: () => codes.make(),
    signOut: (headers) => readSessionCookies(headers).filter((secret) => sessions.close(secret)).length > 0,
    signOutAll() {
      codes.forget()
      return sessions.closeAll()
    },
  }
}

/** The first of the cookies that is good. */
export function findSession(secrets: readonly string[], sessions: Sessions): Session | undefined {
  for (const secret of secrets) {
    const session = sessions.find(secret)
    if (session !== undefined) return session
  }
  return undefined
}
