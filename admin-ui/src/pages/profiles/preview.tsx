/** Beside the form, while one writes: what would run, and what that takes of the memory. */
import { Paper, Text, Title } from '@mantine/core'
import { Problem as Trouble } from '../../parts/problem.tsx'
import { Copy } from '../../parts/copy.tsx'
import { useModels } from '../../parts/use-models.ts'
import { linesOf } from './command-line.ts'
import { Forecast } from './forecast.tsx'
import styles from './form.module.css'
import { PullMissing } from './pull-missing.tsx'
import { whyUntold } from './untold.ts'
import type { Checked } from './use-check.ts'

interface Props {
  readonly checked: Checked | undefined
  readonly error: Error | null
  readonly again: () => void
  readonly model: string
  readonly revision: string
}

export function Preview({ checked, error, again, model, revision }: Props) {
  const { data: models } = useModels()
  const ids = models?.map(({ id }) => id)
  const why = checked === undefined ? '' : whyUntold(checked, model, ids)
  return (
    <aside className={styles['aside']} aria-label="What would come of it">
      {error !== null && <Trouble error={error} again={again} />}
      <Paper component="section" aria-labelledby="forecast" className={styles['section']}>
        <Title order={2} id="forecast" c="dimmed">
          Predicted memory
        </Title>
        {checked?.memory == null ? (
          <Text size="sm" c="dimmed">
            {why}
          </Text>
        ) : (
          <Forecast memory={checked.memory} />
        )}
      </Paper>
      <Paper component="section" aria-labelledby="runs" className={styles['section']}>
        <div className={styles['head']}>
          <Title order={2} id="runs" c="dimmed" mr="auto">
            The command line that will run
          </Title>
          {checked?.command != null && <Copy text={linesOf(checked.command)} of="the command line" />}
        </div>
        {checked?.command == null ? (
          <Text size="sm" c="dimmed">
            {why}
          </Text>
        ) : (
          <pre className={styles['command']} tabIndex={0} aria-label="The command line">
            {linesOf(checked.command)}
          </pre>
        )}
      </Paper>
      {checked !== undefined && checked.warnings.length > 0 && (
        <Paper component="section" aria-labelledby="warnings" className={styles['section']}>
          <Title order={2} id="warnings" c="var(--warn)">
            {checked.problems.length === 0 ? 'It can be saved, but not served yet' : 'It cannot be served yet'}
          </Title>
          {checked.warnings.map((warning) => (
            <Text key={warning} size="sm" className={styles['words']}>
              {warning}
            </Text>
          ))}
          <PullMissing model={model} revision={revision} />
        </Paper>
      )}
    </aside>
  )
}
