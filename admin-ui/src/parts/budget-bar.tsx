/** What something takes of the memory budget, as a bar beside what others hold; the line is the budget. What it says is said in words beside it. */
import styles from './budget-bar.module.css'

export interface BudgetPart {
  readonly kind: 'others' | 'weights' | 'context' | 'rest'
  readonly bytes: number
}

interface Props {
  /** What the whole bar stands for. */
  readonly wholeBytes: number
  readonly parts: readonly BudgetPart[]
  readonly budgetBytes: number
}

export function BudgetBar({ wholeBytes, parts, budgetBytes }: Props) {
  const width = (part: number) => `${wholeBytes === 0 ? 0 : (100 * part) / wholeBytes}%`
  return (
    <div className={styles['wrap']} aria-hidden>
      <div className={styles['bar']}>
        {parts.map(({ kind, bytes }) => (
          <div key={kind} className={styles[kind]} style={{ width: width(bytes) }} />
        ))}
      </div>
      <div className={styles['budget']} style={{ left: width(budgetBytes) }} />
    </div>
  )
}

/** Its colour in the bar, for a legend. */
export function BudgetKey({ kind }: Pick<BudgetPart, 'kind'>) {
  return <span className={`${styles['key']} ${styles[kind]}`} aria-hidden />
}
