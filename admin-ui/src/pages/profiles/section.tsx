/** Fields that belong together, under a small heading. */
import { Paper, Title } from '@mantine/core'
import { useId } from 'react'
import type { ReactNode } from 'react'
import styles from './form.module.css'

export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId()
  return (
    <Paper component="section" aria-labelledby={id} className={styles['section']}>
      <Title order={2} id={id} c="dimmed">
        {title}
      </Title>
      {children}
    </Paper>
  )
}
