/** From nothing to a first answer: engine, model, message, client. Each step can be skipped, and is where it was left. */
import { Button, Group, Paper, Stepper } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { useCallback } from 'react'
import { Link } from 'wouter'
import { PageHead } from '../../parts/page-head.tsx'
import { ConnectStep } from './connect-step.tsx'
import { EngineStep } from './engine-step.tsx'
import { MessageStep } from './message-step.tsx'
import { ModelStep } from './model-step.tsx'
import styles from './start.module.css'
import { useIsEngineHere } from './use-engine.ts'

interface Path {
  readonly step: number
  readonly model: string | null
  /** The model has answered. */
  readonly answered?: boolean
}

const last = 3

export default function Start() {
  const [{ step, model, answered = false }, setPath] = useLocalStorage<Path>({
    key: 'first-run',
    defaultValue: { step: 0, model: null },
    getInitialValueInEffect: false,
  })
  const engineHere = useIsEngineHere() === true
  const tellAnswered = useCallback(() => setPath((path) => ({ ...path, answered: true })), [setPath])
  const go = (to: number) => setPath((path) => ({ ...path, step: to }))
  const next = () => go(step + 1)
  const choose = (name: string) => setPath({ step: 2, model: name, answered: answered && name === model })
  // its own button leads on
  const leadsOn = (step === 0 && engineHere) || (step === 2 && answered)
  const about = (index: number, label: string, holds: boolean) => ({
    label,
    'aria-current': step === index ? ('step' as const) : undefined,
    ...looks(index, holds),
  })
  return (
    <>
      <PageHead title="Get a first answer" />
      <Paper>
        <Stepper
          active={Math.min(step, last)}
          onStepClick={go}
          size="sm"
          classNames={{ content: styles['content'] }}
          allowNextStepsSelect
        >
          <Stepper.Step {...about(0, 'Engine', engineHere)}>
            <EngineStep done={next} />
          </Stepper.Step>
          <Stepper.Step {...about(1, 'Model', model !== null)}>
            <ModelStep choose={choose} />
          </Stepper.Step>
          <Stepper.Step {...about(2, 'First message', answered)}>
            <MessageStep
              model={model}
              answered={answered}
              tellAnswered={tellAnswered}
              done={next}
              choose={() => go(1)}
            />
          </Stepper.Step>
          <Stepper.Step {...about(3, 'Your client', false)}>
            <ConnectStep model={model} />
          </Stepper.Step>
        </Stepper>
        <Group mt="lg" justify="space-between">
          <Button component={Link} href="/" variant={step < last ? 'default' : 'filled'}>
            {step < last ? 'Leave for now' : 'Done'}
          </Button>
          <Group gap="xs">
            {step > 0 && <Button onClick={() => go(step - 1)}>Back</Button>}
            {step < last && !leadsOn && <Button onClick={next}>Skip this step</Button>}
          </Group>
        </Group>
      </Paper>
    </>
  )
}

/** Ticked where it holds what the step is for; one that was skipped keeps its number. */
function looks(index: number, holds: boolean) {
  return holds ? { icon: '✓' } : { completedIcon: index + 1, color: 'var(--idle)' }
}
