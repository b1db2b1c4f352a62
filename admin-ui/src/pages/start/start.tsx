/** From nothing to a first answer: engine, model, message, client. Each step can be skipped, and is where it was left. */
import { Button, Group, Paper, Stepper, Text } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { Link } from 'wouter'
import { PageHead } from '../../parts/page-head.tsx'
import { ConnectStep } from './connect-step.tsx'
import { EngineStep } from './engine-step.tsx'
import { MessageStep } from './message-step.tsx'
import { ModelStep } from './model-step.tsx'
import styles from './start.module.css'

interface Path {
  readonly step: number
  readonly model: string | null
}

const steps = ['Engine', 'Model', 'First message', 'Your client']

export default function Start() {
  const [{ step, model }, setPath] = useLocalStorage<Path>({
    key: 'first-run',
    defaultValue: { step: 0, model: null },
    getInitialValueInEffect: false,
  })
  const go = (to: number) => setPath((path) => ({ ...path, step: to }))
  const next = () => go(step + 1)
  return (
    <>
      <PageHead title="Get a first answer" />
      <Paper>
        <Stepper
          active={step}
          onStepClick={go}
          size="sm"
          classNames={{ content: styles['content'] }}
          allowNextStepsSelect
        >
          <Stepper.Step label={steps[0]} aria-current={step === 0 ? 'step' : undefined}>
            <EngineStep done={next} />
          </Stepper.Step>
          <Stepper.Step label={steps[1]} aria-current={step === 1 ? 'step' : undefined}>
            <ModelStep choose={(name) => setPath({ step: 2, model: name })} />
          </Stepper.Step>
          <Stepper.Step label={steps[2]} aria-current={step === 2 ? 'step' : undefined}>
            <MessageStep model={model} done={next} choose={() => go(1)} />
          </Stepper.Step>
          <Stepper.Step label={steps[3]} aria-current={step === 3 ? 'step' : undefined}>
            <ConnectStep model={model} />
          </Stepper.Step>
          <Stepper.Completed>
            <Text>That was all.</Text>
          </Stepper.Completed>
        </Stepper>
        <Group mt="lg" justify="space-between">
          <Button component={Link} href="/">
            Leave for now
          </Button>
          <Group gap="xs">
            {step > 0 && <Button onClick={() => go(step - 1)}>Back</Button>}
            {step < steps.length - 1 && <Button onClick={next}>Skip this step</Button>}
          </Group>
        </Group>
      </Paper>
    </>
  )
}
