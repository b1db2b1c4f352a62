/** What its server will take, as a bar against the budget, and whether that fits. */
import { Badge, Text } from '@mantine/core'
import { BudgetBar, BudgetKey } from '../../parts/budget-bar.tsx'
import type { BudgetPart } from '../../parts/budget-bar.tsx'
import { fitColour, whyFits } from '../../parts/fit-words.ts'
import { count, ofMemory } from '../../parts/format.ts'
import { forecastOf, shortfall } from './forecast-parts.ts'
import type { PredictedMemory } from './forecast-parts.ts'
import styles from './forecast.module.css'

export function Forecast({ memory }: { readonly memory: PredictedMemory }) {
  const { wholeBytes, parts, leftBytes } = forecastOf(memory)
  const { fit: verdict, reservedBytes: needBytes, budgetBytes, freeBytes, weightBytes, context } = memory
  const names: Record<BudgetPart['kind'], string> = {
    others: 'Reserved for others now',
    weights: 'Weights',
    context: context === null ? 'Context cache' : `Context cache, ${count(context)} tokens`,
    rest: weightBytes === null ? 'Reserved' : 'The server itself',
  }
  const short = shortfall(memory)
  return (
    <>
      <div className={styles['head']}>
        <span className="number">~{ofMemory(needBytes)}</span>
        <Badge color={fitColour({ verdict })}>{verdict}</Badge>
      </div>
      <BudgetBar wholeBytes={wholeBytes} parts={parts} budgetBytes={budgetBytes} />
      <dl className={styles['legend']}>
        {parts.map(({ kind, bytes: part }) => (
          <div key={kind}>
            <dt>
              <BudgetKey kind={kind} />
              {names[kind]}
            </dt>
            <dd>
              {kind === 'others' ? '' : '~'}
              {ofMemory(part)}
            </dd>
          </div>
        ))}
        <div>
          <dt>Left of the budget of {ofMemory(budgetBytes)}</dt>
          <dd>{leftBytes === null ? 'nothing' : ofMemory(leftBytes)}</dd>
        </div>
      </dl>
      <Text size="sm">{whyFits({ verdict, needBytes, budgetBytes, freeBytes })}</Text>
      {short !== undefined && (
        <Text size="sm" c="var(--warn)">
          {short}
        </Text>
      )}
    </>
  )
}
