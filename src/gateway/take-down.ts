/** The order in which the house is left. */
import type { Api } from '../api/api.ts'
import { GatewayError } from '../errors.ts'
import type { Proxy } from '../proxy/proxy.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'

interface Closers {
  readonly stack: AsyncDisposableStack
  readonly closing: AbortController
  readonly api: Api
  readonly scheduler: Scheduler
  readonly proxy: Proxy
  readonly drainMs: number
}

/** 1. Nobody new comes in, live views end. 2. Answers under way may end. 3. Those that have not are told so. 4. The last connections. */
export function closeInOrder({ stack, closing, api, scheduler, proxy, drainMs }: Closers): void {
  let closed: Promise<void> | undefined
  stack.defer(async () => {
    const impatient = setTimeout(() => api.cut(), 1_000)
    await closed // 4
    clearTimeout(impatient)
  })
  stack.defer(() => proxy.close()) // 3
  stack.defer(() => scheduler.close(drainMs)) // 2
  stack.defer(() => {
    closed = api.close() // 1
    closing.abort(new GatewayError('shutting_down', 'The gateway is shutting down.', { retryAfterMs: 5000 }))
  })
}
