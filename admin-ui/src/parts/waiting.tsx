/** Something is on its way. Shown late, so that quick answers do not flicker. */
import { Loader } from '@mantine/core'
import styles from './parts.module.css'

export function Waiting({ what = 'Loading' }: { readonly what?: string }) {
  return (
    <div className={styles['waiting']} role="status" aria-label={what}>
      <Loader size="sm" type="dots" />
    </div>
  )
}
