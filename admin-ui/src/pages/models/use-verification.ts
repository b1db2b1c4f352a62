/** Verifications under way and their results: kept while the page is open, whichever part of it is shown. A closed page ends them. */
import { useQuery } from '@tanstack/react-query'
import { api, inPath, messageOf } from '../../api.ts'
import { eventsOf } from '../../parts/events-in.ts'
import { queryClient } from '../../query-client.ts'
import type { LocalModel } from '../../parts/use-models.ts'
import { begun, failed, isUnderWay, step } from './verification.ts'
import type { Verification } from './verification.ts'

const keyOf = (folder: string) => ['verification', folder]
const running = new Map<string, AbortController>()

export function useVerification(folder: string): Verification | null {
  const { data } = useQuery<Verification | null>({
    queryKey: keyOf(folder),
    queryFn: () => null,
    initialData: null,
    enabled: false,
  })
  return data
}

export function stopVerifying(folder: string): void {
  running.get(folder)?.abort()
}

/** `mend`: what is broken or missing is fetched again. */
export async function verify({ id, folder }: Pick<LocalModel, 'id' | 'folder'>, mend: boolean): Promise<void> {
  const leaving = new AbortController()
  running.set(folder, leaving)
  let state = begun(mend)
  const become = (next: Verification | null): void => {
    queryClient.setQueryData<Verification | null>(keyOf(folder), next)
    state = next ?? state
  }
  become(state)
  try {
    const query = { folder, repair: mend ? 'true' : 'false' } as const
    const asked = api.models[':id'].verify.$post(
      { param: { id: inPath(id) }, query },
      { init: { signal: leaving.signal } },
    )
    for await (const { event, data } of eventsOf(asked)) become(step(state, event, JSON.parse(data), Date.now()))
    if (isUnderWay(state)) become(failed(state, 'The gateway stopped before it was done.'))
  } catch (error) {
    become(leaving.signal.aborted ? null : failed(state, messageOf(error)))
  } finally {
    running.delete(folder)
  }
}
