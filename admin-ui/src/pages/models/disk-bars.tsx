/** What the models take of each disk, beside what is free there. */
import { Text, Tooltip } from '@mantine/core'
import { bytes } from '../../parts/format.ts'
import { modelColour } from '../../parts/model-colour.ts'
import { Problem } from '../../parts/problem.tsx'
import { disksOf } from './disk-parts.ts'
import type { DiskPicture } from './disk-parts.ts'
import styles from './models.module.css'
import { useDisk } from './use-library.ts'

export function DiskBars() {
  const { data, error, refetch } = useDisk()
  if (error !== null) return <Problem error={error} again={() => void refetch()} />
  if (data === undefined) {
    return (
      <Text size="sm" c="dimmed" mt="sm">
        Measuring what they take…
      </Text>
    )
  }
  const disks = disksOf(data).filter(({ parts, freeBytes }) => parts.length > 0 && freeBytes !== null)
  return disks.map((disk) => <DiskBar key={disk.paths.join('\n')} disk={disk} alone={disks.length === 1} />)
}

function DiskBar({ disk, alone }: { readonly disk: DiskPicture; readonly alone: boolean }) {
  const { paths, parts, modelsBytes, freeBytes } = disk
  const whole = modelsBytes + (freeBytes ?? 0)
  const told = [...parts.map(({ name, bytes: size }) => `${name}: ${bytes(size)}`), `free: ${bytes(freeBytes)}`]
  return (
    <div className={styles['disk']}>
      <div className={styles['row']}>
        {alone || (
          <Text size="sm" c="dimmed" className={styles['paths']}>
            {paths.join(', ')}
          </Text>
        )}
        <Text size="sm">
          <b>{bytes(modelsBytes)}</b>{' '}
          <span className={styles['dim']}>in models · {bytes(freeBytes)} free beside them</span>
        </Text>
      </div>
      <div className={styles['bar']} role="img" aria-label={`Disk: ${told.join('; ')}`}>
        {parts.map(({ key, id, name, bytes: size }) => (
          <Tooltip key={key} label={`${name}: ${bytes(size)}`} withinPortal>
            <div style={{ width: `${(100 * size) / whole}%`, '--colour': modelColour(id) }} />
          </Tooltip>
        ))}
      </div>
    </div>
  )
}
