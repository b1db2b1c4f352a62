/** Makes an API key; the list of keys is up to date before its secret is handed over, which is told this once. */
import { api, ask } from '../api.ts'
import { queryClient } from '../query-client.ts'

type Wanted = Parameters<typeof api.keys.$post>[0]['json']

/** Throws ApiError. */
export async function createKey(wanted: Wanted): Promise<string> {
  const { secret } = await ask(api.keys.$post({ json: wanted }))
  await queryClient.invalidateQueries({ queryKey: ['keys'] })
  return secret
}
