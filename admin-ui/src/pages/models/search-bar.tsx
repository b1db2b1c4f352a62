/** One field for what is here and for what the hub has, and what narrows both. */
import { CloseButton, NativeSelect, TextInput } from '@mantine/core'
import styles from './models.module.css'
import { quantisations, sizes, tasks } from './wish.ts'
import type { Choice, Wish } from './wish.ts'

interface Props {
  readonly wish: Wish
  readonly change: (wish: Wish) => void
}

export function SearchBar({ wish, change }: Props) {
  const select = (name: 'task' | 'bits' | 'size', label: string, data: readonly Choice[]) => (
    <NativeSelect
      size="sm"
      aria-label={label}
      data={[...data]}
      value={wish[name]}
      onChange={({ currentTarget }) => change({ ...wish, [name]: currentTarget.value })}
      className={styles['select']}
    />
  )
  return (
    <search className={styles['search']}>
      <TextInput
        type="search"
        aria-label="Search this machine and the hub"
        placeholder="Search this machine and the hub: words, or owner/name"
        value={wish.text}
        onChange={({ currentTarget }) => change({ ...wish, text: currentTarget.value })}
        rightSection={
          wish.text !== '' && <CloseButton size="sm" aria-label="Clear" onClick={() => change({ ...wish, text: '' })} />
        }
        className={styles['field']}
      />
      {select('task', 'Task', tasks)}
      {select('bits', 'Quantisation', quantisations)}
      {select('size', 'Size of the weights', sizes)}
    </search>
  )
}
