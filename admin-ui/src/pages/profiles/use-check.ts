/** Has the gateway look at a profile while it is being written: what is wrong with it, what would run, what memory that takes. */
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, ask } from '../../api.ts'
import type { Held } from '../../api.ts'
import { useLive } from '../../live.ts'
import type { ProfileSettings } from './form-values.ts'

export type Checked = Held<Awaited<ReturnType<typeof api.profiles.check.$post>>>

/** It is asked once the typing has paused for so long. */
const pauseMs = 250

/** Not while `saving`: what is saved clashes with itself. `checked` is about what was there before until the next answer has come; `current` says whether it is about what is there now. Asked
 *  anew where other profiles or what is reserved for them change. */
export function useCheck(settings: Partial<ProfileSettings>, replaces: string | undefined, saving: boolean) {
  const written = JSON.stringify(settings)
  const [settled] = useDebouncedValue(written, pauseMs)
  const reservedBytes = useLive(({ reservedBytes }) => reservedBytes)
  const query = useQuery({
    queryKey: ['profiles', 'check', replaces ?? null, settled, reservedBytes],
    queryFn: ({ signal }) =>
      ask(
        api.profiles.check.$post(
          { json: { settings: JSON.parse(settled), ...(replaces === undefined ? {} : { replaces }) } },
          { init: { signal } },
        ),
      ),
    enabled: !saving,
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  return {
    checked: query.data,
    current: settled === written && !query.isFetching && query.error === null,
    error: query.error,
    again: () => void query.refetch(),
  }
}
