/** What servers and the gateway itself print, as it comes. */
import { Button, Paper, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { inPath } from '../../api.ts'
import { useLive } from '../../live.ts'
import { count } from '../../parts/format.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { stateOf } from '../../parts/state-pill.tsx'
import { useProfiles } from '../../parts/use-profiles.ts'
import { useLogLines } from './log-lines.ts'
import { found, withoutColours } from './log-state.ts'
import type { LogState } from './log-state.ts'
import { LogView } from './log-view.tsx'

const gateway = 'The gateway'

export default function Logs() {
  const [parameters, setParameters] = useSearchParams()
  const of = parameters.get('of')
  const [search, setSearch] = useState('')
  const [held, setHeld] = useState<LogState>()
  const path = of === null ? '/admin/api/logs/follow' : `/admin/api/servers/${inPath(of)}/logs/follow`
  const log = useLogLines(path)
  const missed = held === undefined ? 0 : log.total - held.total
  const lines = found((held ?? log).lines, search)
  return (
    <>
      <PageHead title="Logs">
        <Source
          of={of}
          choose={(name) => {
            setHeld(undefined)
            setParameters(name === null ? {} : { of: name })
          }}
        />
        <TextInput
          aria-label="Search the lines"
          placeholder="Search"
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <Button onClick={() => setHeld(held === undefined ? log : undefined)} aria-pressed={held !== undefined}>
          {held === undefined ? 'Pause' : missed > 0 ? `Go on, ${count(missed)} new` : 'Go on'}
        </Button>
        <Button
          disabled={lines.length === 0}
          onClick={() =>
            download(
              `${of ?? 'mlx-gateway'}.log`,
              lines.map(({ text }) => withoutColours(text)),
            )
          }
        >
          Download
        </Button>
      </PageHead>
      <Paper p={0}>
        <LogView
          lines={lines}
          label={`Log of ${of ?? 'the gateway'}`}
          empty={emptyWords({ search, connected: log.connected })}
        />
      </Paper>
    </>
  )
}

function Source({ of, choose }: { readonly of: string | null; readonly choose: (name: string | null) => void }) {
  const profiles = useProfiles()
  const servers = useLive(({ servers }) => servers)
  const names = [
    ...new Set([...servers.keys(), ...profiles.map(({ name }) => name), ...(of === null ? [] : [of])]),
  ].sort()
  const label = (name: string) => {
    const server = servers.get(name)
    return server === undefined ? name : `${name} · ${stateOf(server)[1]}`
  }
  return (
    <Select
      aria-label="Whose log"
      w={280}
      data={[{ value: '', label: gateway }, ...names.map((name) => ({ value: name, label: label(name) }))]}
      value={of ?? ''}
      onChange={(name) => choose(name === '' ? null : name)}
      allowDeselect={false}
      searchable
    />
  )
}

function emptyWords({ search, connected }: { readonly search: string; readonly connected: boolean }): string {
  if (search !== '') return 'No line has this in it.'
  return connected ? 'Nothing has been printed yet.' : 'Waiting for the gateway…'
}

function download(name: string, lines: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([`${lines.join('\n')}\n`], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name.replaceAll('/', '_')
  link.click()
  URL.revokeObjectURL(url)
}
