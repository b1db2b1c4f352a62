/** The program that runs models: installed by the gateway into a folder of its own. */
import { Button, Progress, Stack, Text, VisuallyHidden } from '@mantine/core'
import { Problem } from '../../parts/problem.tsx'
import { Waiting } from '../../parts/waiting.tsx'
import { isHere, useEngine } from './use-engine.ts'

export function EngineStep({ done }: { readonly done: () => void }) {
  const { engine, query, progress, problem, install } = useEngine()
  if (query.error !== null) return <Problem error={query.error} again={() => void query.refetch()} />
  if (engine === undefined) return <Waiting what="Looking for the engine" />
  return (
    <Stack align="flex-start" maw={620}>
      <Text>
        Models are run by mlx-lm, a Python program. The gateway keeps it in a folder of its own: nothing else on this
        machine changes.
      </Text>
      {progress !== undefined ? (
        <Stack gap={6} w="100%">
          <VisuallyHidden role="status">The engine is being installed.</VisuallyHidden>
          <Progress
            value={progress.share === null ? 100 : 100 * progress.share}
            animated={progress.share === null}
            aria-label="Installation of the engine"
          />
          <Text size="sm" c="dimmed">
            {progress.message}
          </Text>
        </Stack>
      ) : isHere(engine) ? (
        <>
          <Text>
            <b>mlx-lm {engine.version ?? ''}</b> is {engine.state === 'installed' ? 'installed' : 'there already'}.
          </Text>
          <Button variant="filled" onClick={done}>
            Next: a model
          </Button>
        </>
      ) : (
        <>
          {(problem ?? engine.reason) !== null && <Problem error={problem ?? engine.reason} />}
          <Button variant="filled" onClick={() => void install()}>
            {engine.state === 'failed' || problem !== undefined ? 'Try again' : 'Install mlx-lm'}
          </Button>
        </>
      )}
    </Stack>
  )
}
