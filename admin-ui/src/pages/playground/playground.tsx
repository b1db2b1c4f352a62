/** Talk to a model, or ask two the same. */
import { Button, Switch } from '@mantine/core'
import { useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { useLive } from '../../live.ts'
import { Empty } from '../../parts/empty.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Problem } from '../../parts/problem.tsx'
import { useProfilesQuery } from '../../parts/use-profiles.ts'
import { Waiting } from '../../parts/waiting.tsx'
import { usual } from './chat-request.ts'
import type { Asked } from './chat-request.ts'
import { Column } from './column.tsx'
import { Composer } from './composer.tsx'
import { mostLikely } from './most-likely.ts'
import { ParameterFields } from './parameter-fields.tsx'
import styles from './playground.module.css'
import { useChat } from './use-chat.ts'

export default function Playground() {
  const query = useProfilesQuery()
  const connected = useLive(({ epoch }) => epoch > 0)
  if (query.data === undefined || !connected) {
    return (
      <>
        <PageHead title="Playground" />
        {query.error === null ? (
          <Waiting what="Loading the models" />
        ) : (
          <Problem error={query.error} again={() => void query.refetch()} />
        )}
      </>
    )
  }
  const names = query.data.flatMap(({ name, aliases, available }) => (available ? [name, ...aliases] : []))
  return names.length === 0 ? <NoModel /> : <Talk names={names} />
}

function Talk({ names }: { readonly names: readonly string[] }) {
  const [searched] = useSearchParams()
  const servers = useLive(({ servers }) => servers)
  // what is loaded changes while somebody writes; whom he talks to does not
  const [likely] = useState(() => mostLikely(names, servers))
  const [chosen, setChosen] = useState<readonly [string | null, string | null]>([searched.get('model'), null])
  const [two, setTwo] = useState(false)
  const [parameters, setParameters] = useState(usual)
  const chats = [useChat(), useChat()] as const
  const first = chosen[0] ?? likely
  const models = [first, chosen[1] ?? names.find((name) => name !== first) ?? first] as const
  const columns = two ? ([0, 1] as const) : ([0] as const)
  const busy = chats.some((chat) => chat.busy)
  const send = (asked: Asked) => {
    for (const column of columns) void chats[column].send(models[column], parameters, asked)
  }
  return (
    <>
      <PageHead title="Playground">
        <Switch label="Two side by side" checked={two} disabled={busy} onChange={() => setTwo(!two)} />
        <ParameterFields of={parameters} change={setParameters} />
        <Button
          onClick={() => chats.forEach((chat) => chat.clear())}
          disabled={chats.every(({ turns }) => turns.length === 0)}
        >
          New conversation
        </Button>
      </PageHead>
      <div className={styles['columns']} data-two={two}>
        {columns.map((column) => (
          <Column
            key={column}
            names={names}
            model={models[column]}
            choose={(name) => setChosen(column === 0 ? [name, chosen[1]] : [chosen[0], name])}
            chat={chats[column]}
            parameters={parameters}
          />
        ))}
      </div>
      <Composer
        models={columns.map((column) => models[column])}
        busy={busy}
        send={send}
        stop={() => chats.forEach((chat) => chat.stop())}
      />
    </>
  )
}

function NoModel() {
  return (
    <>
      <PageHead title="Playground" />
      <Empty
        title="There is no model to talk to yet"
        next={
          <Button component={Link} href="/models" variant="filled">
            Find a model
          </Button>
        }
      >
        Models on disk can be talked to here at once, with every parameter and with their speed.
      </Empty>
    </>
  )
}
