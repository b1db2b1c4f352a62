/** The machine as it is now: its memory, its servers, who waits, what just happened. */
import { Button, Code, Text } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { Link } from 'wouter'
import { useLive } from '../../live.ts'
import { Copy } from '../../parts/copy.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Waiting } from '../../parts/waiting.tsx'
import { AtWork } from './at-work.tsx'
import styles from './dashboard.module.css'
import { JustNow } from './just-now.tsx'
import { MemoryBar } from './memory-bar.tsx'
import { Servers } from './servers.tsx'

const Charts = lazy(() => import('./charts.tsx'))

export function Dashboard() {
  const connection = useLive(({ epoch }) => epoch > 0)
  const base = `${location.origin}/v1`
  return (
    <>
      <PageHead title="Dashboard">
        <Text size="sm" c="dimmed" visibleFrom="sm">
          Base URL
        </Text>
        <Code visibleFrom="sm">{base}</Code>
        <Copy text={base} />
        <Button component={Link} href="/connect" variant="filled">
          Connect a client
        </Button>
      </PageHead>
      {connection ? (
        <>
          <MemoryBar />
          <Servers />
          <div className={styles['two']}>
            <AtWork />
            <JustNow />
          </div>
          <Suspense fallback={<Waiting what="Loading the charts" />}>
            <Charts />
          </Suspense>
        </>
      ) : (
        <Waiting what="Connecting to the gateway" />
      )}
    </>
  )
}
