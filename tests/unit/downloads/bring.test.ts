import { expect, test } from 'vitest'
import { createBring } from '../../../src/downloads/bring.ts'
import type { Download } from '../../../src/downloads/event.ts'
import type { Progress } from '../../../src/engines/engines.ts'

const repo = 'mlx-community/Small-4bit'
const left = new AbortController().signal

function download(state: Download['state'], bytes: number): Download {
  const facts = { id: 1, repo, revision: 'main', commit: 'a'.repeat(40), files: [], createdAt: 0, updatedAt: 0 }
  return { ...facts, state, bytes, totalBytes: 4_200_000, bytesPerSecond: undefined, leftMs: undefined }
}

/** Brings what these downloads, one after the other, say of themselves. */
function bringing(owners: readonly string[], ...downloads: readonly Download[]) {
  const asked: string[] = []
  const said: Progress[] = []
  const bring = createBring({
    catalog: { profiles: () => [], local: () => [] },
    owners: () => owners,
    fetch: (repo, revision, report) => {
      asked.push(`${repo}@${revision}`)
      for (const one of downloads) report(one)
      return Promise.resolve()
    },
  })
  return { asked, said, brought: bring(repo, (progress) => said.push(progress), left) }
}

test('what is brought says how far it is, and what it waits for, without the paths of this machine', async () => {
  const disk = { kind: 'paused', by: 'disk', reason: 'There is no room on the disk of /home/somebody.' } as const
  const { asked, said, brought } = bringing(
    ['*'],
    download({ kind: 'queued' }, 0),
    download({ kind: 'running' }, 2_100_000),
    download(disk, 2_100_000),
    download({ ...disk, by: 'network' }, 2_100_000),
    download({ kind: 'verifying' }, 4_200_000),
  )
  await brought
  expect(asked).toEqual([`${repo}@main`])
  expect(said.map(({ phase, share, message }) => [phase, share, message])).toEqual([
    ['fetching', 0, `${repo}, 0 bytes of 4 MB, waits for its turn`],
    ['fetching', 0.5, `${repo}, 2 MB of 4 MB`],
    ['fetching', 0.5, `${repo}, 2 MB of 4 MB, waits for space on the disk`],
    ['fetching', 0.5, `${repo}, 2 MB of 4 MB, waits for the hub`],
    ['fetching', 1, `${repo}, 4 MB of 4 MB, being verified`],
  ])
})

test('nothing is brought where nobody’s models may be, which is usual', () => {
  const { asked, brought } = bringing([])
  expect([asked, brought]).toEqual([[], undefined])
})
