/** Who is signed in to this page. */
import { useQuery } from '@tanstack/react-query'
import { api, ApiError, ask } from './api.ts'
import { queryClient } from './query-client.ts'

const key = ['session']

export type Here = 'somebody' | 'nobody' | 'unknown'

/** 'unknown' where the gateway does not answer. */
async function ofGateway(): Promise<Here> {
  try {
    await ask(api.session.$get())
    return 'somebody'
  } catch (error) {
    return error instanceof ApiError && error.status === 401 ? 'nobody' : 'unknown'
  }
}

export function useSession(): Here | undefined {
  return useQuery({ queryKey: key, queryFn: ofGateway }).data
}

/** Asks anew; the page shows the sign-in where nobody is. */
export async function askWhoIsHere(): Promise<Here> {
  const here = await ofGateway()
  if (here !== 'unknown') queryClient.setQueryData<Here>(key, here)
  return here
}

/** With the admin token, or with the code of a one-time link. Throws ApiError. */
export async function signIn(proof: { readonly token: string } | { readonly code: string }): Promise<void> {
  await ask(api.session.$post({ json: proof }))
  begin('somebody')
}

export async function signOut(where: 'here' | 'everywhere'): Promise<void> {
  await ask(where === 'here' ? api.session.$delete() : api.sessions.$delete())
  begin('nobody')
}

/** What was known before was known to somebody else. */
function begin(here: Here): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] })
  queryClient.setQueryData<Here>(key, here)
}
