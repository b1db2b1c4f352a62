/** Stands in for a gateway with a lot going on: serves the built page, and tells of servers and requests that are made up. */
import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { LiveEvent, LiveRequest, LiveSnapshot, RequestView, ServerView } from '../../src/api/admin/admin.ts'

export interface Crowd {
  readonly servers: number
  readonly pastRequests: number
  readonly eventsPerSecond: number
}

const GB = 1e9
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

export async function startStandIn(
  pageDirectory: string,
  crowd: Crowd,
): Promise<AsyncDisposable & { readonly url: string }> {
  const names = Array.from({ length: crowd.servers }, (_, index) => `model-${index + 1}-4bit`)
  const answers: Readonly<Record<string, () => object>> = {
    '/admin/api/session': () => ({ name: 'admin', expiresAt: null }),
    '/admin/api/profiles': () => ({
      profiles: names.map((name) => ({ name, aliases: [], available: true, origin: 'store' })),
    }),
    '/admin/api/requests': () => ({ requests: past(names, crowd.pastRequests) }),
  }
  const server = createServer((incoming, outgoing) => {
    const { pathname } = new URL(incoming.url ?? '/', 'http://localhost')
    const answer = answers[pathname]
    if (answer !== undefined) outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(answer()))
    else if (pathname === '/admin/api/events') tell(outgoing, names, crowd)
    else void serveFile(outgoing, pageDirectory, pathname)
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function serveFile(outgoing: ServerResponse, folder: string, path: string): Promise<void> {
  const file = extname(path) === '' ? '/admin/index.html' : path
  outgoing.setHeader('content-type', types[extname(file)] ?? 'text/html')
  outgoing.end(await readFile(join(folder, file.replace('/admin', ''))))
}

/** A snapshot, then events in turn: a server's change, a request's begin, its tokens, its end. */
function tell(outgoing: ServerResponse, names: readonly string[], { eventsPerSecond }: Crowd): void {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
  const say = (data: object, event?: string) =>
    outgoing.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`)
  say(snapshot(names), 'snapshot')
  let count = 0
  const one = (): LiveEvent => {
    count += 1
    const at = Date.now()
    const name = names[count % names.length] ?? ''
    const id = `req-${Math.floor(count / 4) % 40}`
    if (count % 4 === 0) return { at, type: 'server.changed', server: server(name, count) }
    if (count % 4 === 3)
      return { at, type: 'request.ended', record: { ...ended(name, count), id, startedAt: at - 4_000 } }
    return { at, type: 'request.changed', request: underWay(name, id, count) }
  }
  const tick = 50
  const timer = setInterval(() => {
    for (let index = 0; index < (eventsPerSecond * tick) / 1000; index += 1) say(one())
  }, tick)
  outgoing.once('close', () => clearInterval(timer))
}

function snapshot(names: readonly string[]): LiveSnapshot {
  const servers = names.map((name, index) => server(name, index))
  const memory = {
    totalBytes: 512 * GB,
    budgetBytes: 400 * GB,
    availableBytes: 60 * GB,
    otherBytes: 20 * GB,
    measuredAt: Date.now(),
  }
  const reservedBytes = servers.reduce((sum, one) => sum + one.reservedBytes, 0)
  return {
    at: Date.now(),
    servers: { budgetBytes: memory.budgetBytes, reservedBytes, servers },
    memory,
    downloads: [],
    requests: [],
    recent: [],
  }
}

function server(profile: string, count: number): ServerView {
  return {
    profile,
    engine: 'mlx-lm',
    version: '0.32.2',
    model: `maker/${profile}`,
    state: 'ready',
    since: Date.now() - 60_000,
    pid: 1,
    port: 1,
    loadMs: 4_000,
    progress: null,
    stopping: null,
    failure: null,
    memoryBytes: (8 + (count % 7)) * GB,
    reservedBytes: 16 * GB,
    active: count % 3,
    waiting: 0,
    pinned: false,
    lastUsed: Date.now(),
    unloadAt: count % 3 === 0 ? Date.now() + 300_000 : null,
    usualLoadMs: 4_000,
    tokensPerSecond: 30 + (count % 40),
    firstTokenMs: 200 + (count % 600),
    contextLength: 32_768,
    quantization: '4-bit',
  }
}

function ended(model: string, count: number): RequestView {
  return {
    id: `past-${count}`,
    startedAt: Date.now() - count * 400,
    endpoint: 'chat',
    profile: model,
    model,
    keyId: 'key',
    keyName: 'laptop',
    stream: true,
    status: 200,
    error: null,
    finishReason: 'stop',
    promptTokens: 900,
    cachedTokens: 0,
    completionTokens: 50 + (count % 200),
    queueMs: count % 90,
    waitedFor: [],
    loadMs: 0,
    prefillMs: 300,
    decodeMs: 2_000 + (count % 900),
  }
}

function underWay(model: string, id: string, count: number): LiveRequest {
  return {
    id,
    startedAt: Date.now() - 2_000,
    endpoint: 'chat',
    model,
    profile: model,
    keyId: 'key',
    keyName: 'laptop',
    stream: true,
    phase: 'decode',
    since: Date.now() - 1_000,
    position: null,
    estimateMs: null,
    waitedFor: [],
    queueMs: 10,
    loadMs: 0,
    prefillMs: 300,
    tokens: count % 500,
  }
}

function past(names: readonly string[], count: number): RequestView[] {
  return Array.from({ length: count }, (_, index) => ended(names[index % names.length] ?? '', index))
}
