/** Pulls a model of the hub; of one that this machine cannot hold it is asked first, for that is gigabytes for nothing. */
import { Text } from '@mantine/core'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Confirm } from '../../parts/confirm.tsx'
import type { Fit } from '../../parts/fit-words.ts'
import { ofMemory } from '../../parts/format.ts'
import { usePull } from '../../parts/use-pull.ts'
import type { Pull } from '../../parts/use-pull.ts'

interface AskedPull extends Pick<Pull, 'busy' | 'refusal'> {
  readonly request: (revision?: string) => void
  /** The question, to be put beside the button. */
  readonly question: ReactNode
}

export function useAskedPull(id: string, fit: Fit | null): AskedPull {
  const { pull, busy, refusal } = usePull()
  const [wanted, setWanted] = useState<string>()
  const request = (revision = 'main') => {
    if (fit?.verdict === 'does not fit') setWanted(revision)
    else void pull(id, revision)
  }
  const question = fit?.verdict === 'does not fit' && (
    <Confirm
      opened={wanted !== undefined}
      close={() => setWanted(undefined)}
      title={`${id} does not fit`}
      act="Pull it all the same"
      stay="Leave it"
      harmless
      run={() => pull(id, wanted)}
    >
      <Text>
        It needs {ofMemory(fit.needBytes)}, {ofMemory(fit.budgetBytes)} may be held. Pull it all the same?
      </Text>
    </Confirm>
  )
  return { request, question, busy, refusal }
}
