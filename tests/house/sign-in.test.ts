/** Whoever signed in to the admin page uses the models with it; and the links that sign in, as they are printed. */
import { expect, onTestFinished, test } from 'vitest'
import { welcome } from '../../src/cli/serve.ts'
import { say } from '../fixtures/ask.ts'
import { endless, hello } from '../fixtures/gateway/client.ts'
import { openHouse } from '../fixtures/gateway/house.ts'
import { runCli } from '../fixtures/run-cli.ts'
import { noOtherModels, startGatewayProcess } from '../fixtures/start-gateway.ts'
import { visit, type Visitor } from '../fixtures/visitor.ts'
import { startHouse } from '../unit/api/house.ts'

const chat = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const signIn = (visitor: Visitor, shown: object) => visitor.tell('POST', '/admin/api/session', shown)

/** The code of the only link in a text; throws where there is none for this gateway. */
function codeIn(text: string, url: string): { code: string } {
  const [start, code, ...more] = text.split('/admin/sign-in#')
  expect([start?.endsWith(url), more]).toEqual([true, []])
  return { code: /^[\w-]{43}(?=\s)/.exec(code ?? '')?.[0] ?? '' }
}

test('the cookie opens the models to the page, no server hears of it, and signing out everywhere ends what they are saying', async () => {
  await using house = await openHouse([{ name: 'first' }], { auth: { required: true } })
  const me = visit(house.url)
  await signIn(me, { token: house.adminToken })
  const answered = await me.ask('/v1/chat/completions', chat(say('first', 'hello')))
  expect([answered.status, await answered.text()]).toEqual([200, expect.stringContaining(hello)])

  const [, secret] = /=([\w-]{43})$/.exec(me.cookie) ?? []
  const { requests } = await (await house.fake('first')).seen({ requests: 1 })
  expect([secret, requests]).toEqual([
    expect.any(String),
    expect.arrayContaining([expect.objectContaining({ path: '/v1/chat/completions' })]),
  ])
  expect(requests.filter(({ headers }) => 'cookie' in headers || 'origin' in headers)).toEqual([])
  expect(JSON.stringify(requests)).not.toContain(secret)

  const endlessly = await me.ask('/v1/chat/completions', chat({ ...endless('first'), stream: true }))
  const reader = endlessly.body?.pipeThrough(new TextDecoderStream()).getReader()
  let said = (await reader?.read())?.value ?? ''
  expect(await me.tell('DELETE', '/admin/api/sessions')).toEqual({ status: 200, body: { signedOut: 1 } })
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) said += part.value
  expect(said.slice(-1000)).toMatch(/"message":"All sessions were signed out\.[^"]*","type":"invalid_request_error"/)
})

test('serve prints a link to a terminal, and nowhere else', async () => {
  await using house = await startHouse()
  const { gateway } = house
  const printed = welcome(gateway, true)
  expect(await signIn(visit(gateway.url), codeIn(printed, gateway.url))).toMatchObject({ status: 200 })
  expect(welcome(gateway, true)).not.toBe(printed)
  expect(welcome(gateway, false)).toContain(`${gateway.url}/admin/;`)
})

test('serve in a process whose words go into a file says where the page is; mlx-gateway admin prints the link', async () => {
  const gateway = await startGatewayProcess({ settings: { models: noOtherModels } })
  onTestFinished(() => gateway[Symbol.asyncDispose]())
  expect(gateway.output()).toContain(`${gateway.url}/admin/;`)
  const { code, out, err } = await runCli(['admin', '--data', gateway.dataDirectory])
  expect([code, err, out]).toEqual([0, '', expect.stringContaining('within 10 minutes')])
  const link = codeIn(out, gateway.url)
  expect(await signIn(visit(gateway.url), link)).toMatchObject({ status: 200 })
  expect(await signIn(visit(gateway.url), link)).toMatchObject({ status: 401 })
  expect(gateway.output()).not.toContain('#')
})
