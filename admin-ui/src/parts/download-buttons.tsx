/** What can be done with a download, by the state that it is in. */
import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import type { DownloadView } from '../../../src/api/admin/admin.ts'
import { api, ask } from '../api.ts'
import { Act } from './act.tsx'
import { Confirm } from './confirm.tsx'
import { bytes } from './format.ts'

export function DownloadButtons({ download }: { readonly download: DownloadView }) {
  const { id, repo, state, pausedBy } = download
  const param = { id: String(id) }
  switch (state) {
    case 'queued':
    case 'running':
    case 'verifying':
      return (
        <>
          <Act label="Pause" name={`Pause: ${repo}`} run={() => ask(api.downloads[':id'].pause.$post({ param }))} />
          <Cancel download={download} />
        </>
      )
    case 'paused':
    case 'failed': {
      const label = state === 'failed' ? 'Try again' : pausedBy === 'hand' ? 'Resume' : 'Try now'
      return (
        <>
          <Act
            first
            label={label}
            name={`${label}: ${repo}`}
            run={() => ask(api.downloads[':id'].resume.$post({ param }))}
          />
          {pausedBy === 'network' && (
            <Act label="Pause" name={`Pause: ${repo}`} run={() => ask(api.downloads[':id'].pause.$post({ param }))} />
          )}
          <Cancel download={download} />
        </>
      )
    }
    case 'complete':
    case 'cancelled':
      return <Act label="Forget" name={`Forget: ${repo}`} run={() => ask(api.downloads[':id'].$delete({ param }))} />
  }
}

/** Asks where something would be lost. */
function Cancel({ download: { id, repo, bytes: come } }: { readonly download: DownloadView }) {
  const [asked, setAsked] = useState(false)
  const run = () => ask(api.downloads[':id'].cancel.$post({ param: { id: String(id) } }))
  if (come === 0) return <Act label="Give up" name={`Give up: ${repo}`} run={run} />
  return (
    <>
      <Button onClick={() => setAsked(true)} aria-label={`Give up: ${repo}`}>
        Give up…
      </Button>
      <Confirm opened={asked} close={() => setAsked(false)} title={`Give up ${repo}?`} act="Give it up" run={run}>
        <Text size="sm">
          The {bytes(come)} that have come are thrown away, but for what other models need of them. A pause keeps them.
        </Text>
      </Confirm>
    </>
  )
}
