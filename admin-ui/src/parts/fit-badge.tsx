/** Whether a model fits this machine, and at a press or under the pointer the numbers behind that. */
import { Badge, Popover, Text } from '@mantine/core'
import { useState } from 'react'
import { BudgetBar } from './budget-bar.tsx'
import { fitColour, fitParts, whyFits } from './fit-words.ts'
import type { Fit } from './fit-words.ts'
import styles from './fit.module.css'
import { count, ofMemory } from './format.ts'

export function FitBadge({ fit, name }: { readonly fit: Fit; readonly name: string }) {
  const [kept, setKept] = useState(false)
  const [hovered, setHovered] = useState(false)
  const leave = () => {
    setKept(false)
    setHovered(false)
  }
  return (
    <Popover
      opened={kept || hovered}
      onDismiss={leave}
      width={320}
      position="bottom-end"
      radius="lg"
      withinPortal={false}
    >
      <Popover.Target>
        <Badge
          component="button"
          type="button"
          color={fitColour(fit)}
          className={styles['badge']}
          aria-label={`${name} ${fit.verdict}: the numbers`}
          onClick={() => setKept(!kept)}
          onBlur={leave}
          onKeyDown={({ key }) => {
            if (key === 'Escape') leave()
          }}
          onMouseEnter={() => setHovered(true)}
          onMouseLeave={() => setHovered(false)}
        >
          {fit.verdict}
        </Badge>
      </Popover.Target>
      <Popover.Dropdown>
        <FitNumbers fit={fit} />
      </Popover.Dropdown>
    </Popover>
  )
}

export function FitNumbers({ fit }: { readonly fit: Fit }) {
  const { wholeBytes, takenBytes, weightsBytes, cacheBytes, serverBytes } = fitParts(fit)
  return (
    <div className={styles['numbers']}>
      <Text size="sm">{whyFits(fit)}</Text>
      <BudgetBar
        wholeBytes={wholeBytes}
        parts={[
          { kind: 'others', bytes: takenBytes },
          { kind: 'weights', bytes: weightsBytes },
          { kind: 'rest', bytes: serverBytes },
          { kind: 'context', bytes: cacheBytes },
        ]}
        budgetBytes={fit.budgetBytes}
      />
      <dl>
        <div>
          <dt>Weights</dt>
          <dd>{ofMemory(weightsBytes)}</dd>
        </div>
        <div>
          <dt>Cache for {count(fit.context)} tokens</dt>
          <dd>{ofMemory(cacheBytes)}</dd>
        </div>
        <div>
          <dt>The server itself</dt>
          <dd>{ofMemory(serverBytes)}</dd>
        </div>
        <div>
          <dt>Held for others now</dt>
          <dd>{ofMemory(takenBytes)}</dd>
        </div>
        <div>
          <dt>Budget</dt>
          <dd>{ofMemory(fit.budgetBytes)}</dd>
        </div>
      </dl>
    </div>
  )
}
