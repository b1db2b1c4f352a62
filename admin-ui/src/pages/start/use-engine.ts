/** The engine's installation: its state, and its progress while somebody looks. */
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { api, ask, messageOf, readError } from '../../api.ts'
import { eventsOf } from '../../parts/events-in.ts'

interface Progress {
  readonly message: string
  /** 0 to 1; null where it cannot be told. */
  readonly share: number | null
}

const name = 'mlx-lm'

function useEngines() {
  return useQuery({ queryKey: ['engines'], queryFn: async () => (await ask(api.engines.$get())).engines })
}

/** Undefined where that is not known yet. */
export function useIsEngineHere(): boolean | undefined {
  const engine = useEngines().data?.find((one) => one.name === name)
  return engine && isHere(engine)
}

export function isHere({ state }: { readonly state: string }): boolean {
  return state === 'installed' || state === 'external'
}

export function useEngine() {
  const query = useEngines()
  const [progress, setProgress] = useState<Progress>()
  const [problem, setProblem] = useState<string>()
  const engine = query.data?.find((one) => one.name === name)
  const { refetch } = query
  const following = useRef(false)
  const install = useCallback(async () => {
    if (following.current) return
    following.current = true
    setProblem(undefined)
    setProgress({ message: 'Starting…', share: null })
    try {
      await follow(setProgress)
    } catch (error) {
      setProblem(messageOf(error))
    }
    setProgress(undefined)
    following.current = false
    await refetch()
  }, [refetch])
  // one that is under way already tells how far it is to whoever asks for it again
  const underWay = engine?.state === 'installing'
  useEffect(() => {
    if (underWay) void install()
  }, [underWay, install])
  return { engine, query, progress, problem, install }
}

/** Resolves when it is installed. Throws Error with the reason where it could not be. */
async function follow(tell: (progress: Progress) => void): Promise<void> {
  for await (const { event, data } of eventsOf(api.engines[':name'].install.$post({ param: { name } }))) {
    if (event === 'installed') return
    if (event === 'error') throw readError(500, data)
    const { message, share = null } = JSON.parse(data) as { readonly message: string; readonly share?: number }
    tell({ message, share })
  }
  throw new Error('The connection to the gateway was lost; the installation goes on.')
}
