import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newSecret, proofOf } from '../../../src/access/access.ts'
import { findGateway } from '../../../src/cli/find-gateway.ts'
import { startHouse, temporaryFolder } from '../api/house.ts'

/** A data directory whose note leads to a program that answers so. */
async function noted(answer: (challenge: string, outgoing: ServerResponse) => void, secret: unknown = newSecret()) {
  const folder = temporaryFolder()
  const asked: IncomingMessage[] = []
  const server = createServer((incoming, outgoing) => {
    asked.push(incoming)
    answer(new URL(incoming.url ?? '', 'http://here').searchParams.get('challenge') ?? '', outgoing)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  writeFileSync(join(folder.path, 'gateway.json'), JSON.stringify({ pid: 1, url, secret }))
  return {
    path: folder.path,
    url,
    asked,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
      folder[Symbol.dispose]()
    },
  }
}

describe('the gateway of a data directory', () => {
  test('is found where it listens, and not once it has closed', async () => {
    await using house = await startHouse()
    const { url } = house.gateway
    expect(await findGateway(house.path)).toEqual({ kind: 'running', url })
    await house.gateway.close()
    expect(await findGateway(house.path)).toEqual({ kind: 'none' })
  })

  test('is whoever knows the secret of the note', async () => {
    const secret = newSecret()
    await using there = await noted((challenge, out) => out.end(`{"proof":"${proofOf(secret, challenge)}"}`), secret)
    expect(await findGateway(there.path)).toEqual({ kind: 'running', url: there.url })
  })

  test('is nobody else, however they answer', async () => {
    const answers: ((challenge: string, outgoing: ServerResponse) => void)[] = [
      (_, out) => out.end('{"status":"ok"}'),
      (challenge, out) => out.end(`{"proof":"${challenge}"}`),
      (challenge, out) => out.end(`{"proof":"${proofOf('', challenge)}"}`),
      (challenge, out) => out.end(`{"proof":"${proofOf('undefined', challenge)}"}`),
      (_, out) => out.writeHead(404).end('nothing'),
    ]
    for (const answer of answers) {
      await using there = await noted(answer)
      expect(await findGateway(there.path)).toEqual({ kind: 'stranger', url: there.url })
      expect(there.asked.map(({ headers }) => headers.authorization)).toEqual([undefined])
    }
  })

  test('cannot be proved by a note without a secret', async () => {
    await using there = await noted((challenge, out) => out.end(`{"proof":"${proofOf('', challenge)}"}`), null)
    expect(await findGateway(there.path)).toMatchObject({ kind: 'stranger' })
  })

  test('is not looked for where an answer points to', async () => {
    await using house = await startHouse()
    const moved = (challenge: string, out: ServerResponse) =>
      void out.writeHead(302, { location: `${house.gateway.url}/proof?challenge=${challenge}` }).end()
    await using there = await noted(moved)
    expect(await findGateway(there.path)).toEqual({ kind: 'none' })
  })

  test('is nowhere without a note', async () => {
    using folder = temporaryFolder()
    expect(await findGateway(folder.path)).toEqual({ kind: 'none' })
    writeFileSync(join(folder.path, 'gateway.json'), '{"pid":')
    expect(await findGateway(folder.path)).toEqual({ kind: 'none' })
  })
})
