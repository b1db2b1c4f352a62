/** A page's title, and what can be done with the whole of it. */
import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './parts.module.css'

export function PageHead({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={styles['head']}>
      <Title order={1} mr="auto">
        {title}
      </Title>
      {children}
    </div>
  )
}
