/** Says that what is shown may be out of date. */
import { useLive } from '../live.ts'
import styles from './shell.module.css'

export function ConnectionNotice() {
  const connection = useLive(({ connection }) => connection)
  return (
    <div role="status">
      {connection === 'reconnecting' && (
        <div className={styles['notice']}>Reconnecting to the gateway… What is shown may be out of date.</div>
      )}
    </div>
  )
}
