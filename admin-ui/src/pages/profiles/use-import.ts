/** Asks the gateway what importing a text would do, and has it done. */
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ask } from '../../api.ts'
import { say } from '../../parts/say.ts'
import type { Profile } from '../../parts/use-profiles.ts'
import { queryClient } from '../../query-client.ts'
import { remove, replace } from './changes.ts'
import { outcomeOf, reversalOf } from './import-words.ts'

/** It is asked once the typing has paused for so long. */
const pauseMs = 250

/** `fresh`: what is planned is about what is written now. */
export function useImport(text: string, profiles: readonly Profile[]) {
  const [yaml] = useDebouncedValue(text, pauseMs)
  const [busy, setBusy] = useState(false)
  const blank = yaml.trim() === ''
  const query = useQuery({
    queryKey: ['profiles', 'import', yaml],
    queryFn: ({ signal }) => ask(api.profiles.import.$post({ json: { yaml, dryRun: true } }, { init: { signal } })),
    enabled: !blank && !busy,
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  const apply = async (only: string[]) => {
    setBusy(true)
    const done = await say.failure(take(text, only, profiles))
    setBusy(false)
    return done
  }
  return {
    planned: blank || query.error !== null ? undefined : query.data,
    error: query.error,
    fresh: yaml === text && !query.isFetching && query.error === null,
    busy,
    apply,
  }
}

async function take(yaml: string, only: string[], before: readonly Profile[]): Promise<void> {
  const { profiles } = await ask(api.profiles.import.$post({ json: { yaml, only } }))
  await queryClient.invalidateQueries({ queryKey: ['profiles'] })
  const imported = profiles.filter(({ action }) => action !== 'skip')
  for (const { name, action, problems } of profiles) {
    if (action === 'skip') say.problem(`${name} was left out: ${problems.join(' ')}`)
  }
  say.done(outcomeOf(imported), async () => {
    for (const reversal of reversalOf(imported, before)) {
      await (reversal.kind === 'remove' ? remove(reversal.name) : replace(reversal.name, reversal.settings))
    }
  })
}
