/** What is announced about requests; never what was said in them. */
import type { RequestRow } from '../store/store.ts'

export type ProxyEvent =
  | {
      readonly type: 'request.started'
      readonly id: string
      readonly model: string
      readonly keyId: string | null
      readonly at: number
    }
  | { readonly type: 'request.first_token'; readonly id: string; readonly profile: string; readonly ms: number }
  /** `keyName`: what its key is called; null where none was shown. */
  | { readonly type: 'request.ended'; readonly record: RequestRow; readonly keyName: string | null }
