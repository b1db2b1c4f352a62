/** What is in effect, where it comes from, and what can be changed from here. */
import { Code, Paper, Switch, Text, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ask } from '../../api.ts'
import { Empty } from '../../parts/empty.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Waiting } from '../../parts/waiting.tsx'
import { SettingRow } from './setting-row.tsx'
import { fixedAsOne, found, groupsOf } from './setting.ts'
import type { Setting } from './setting.ts'
import styles from './settings.module.css'

export default function Settings() {
  const query = useQuery({ queryKey: ['settings'], queryFn: () => ask(api.settings.$get()) })
  const [search, setSearch] = useState('')
  const [changed, setChanged] = useState(false)
  const all = query.data?.settings ?? []
  const pending = all.filter((setting) => setting.pending).length
  const groups = groupsOf(found(all, search, changed))
  return (
    <>
      <PageHead title="Settings">
        <Switch label="Only what differs from the default" checked={changed} onChange={() => setChanged(!changed)} />
        <TextInput
          aria-label="Search the settings"
          placeholder="Search"
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      </PageHead>
      {query.error !== null && <Problem error={query.error} again={() => void query.refetch()} />}
      {query.isPending && <Waiting what="Loading the settings" />}
      {query.data !== undefined && (
        <Text size="sm" c="dimmed">
          {query.data.file === null ? (
            'There is no configuration file'
          ) : (
            <>
              Configuration file: <Code>{query.data.file}</Code>
            </>
          )}{' '}
          · data directory: <Code>{query.data.dataDirectory}</Code>
        </Text>
      )}
      {pending > 0 && (
        <Text role="status" c="var(--warn)">
          {pending === 1 ? 'One change takes' : `${pending} changes take`} effect when the gateway is started again.
        </Text>
      )}
      {query.data !== undefined && groups.length === 0 && (
        <Empty title="No setting is like that">Choose other words, or look at all of them.</Empty>
      )}
      {groups.map(([name, settings]) => (
        <Group key={name} name={name} settings={settings} />
      ))}
    </>
  )
}

function Group({ name, settings }: { readonly name: string; readonly settings: readonly Setting[] }) {
  const fixed = fixedAsOne(settings)
  return (
    <Paper component="section" aria-labelledby={`group-${name}`}>
      <Title order={2} id={`group-${name}`} c="dimmed">
        {name}
      </Title>
      {fixed !== null && (
        <Text size="sm" c="dimmed">
          {fixed}
        </Text>
      )}
      <div className={styles['rows']}>
        {settings.map((setting) => (
          <SettingRow key={setting.path} setting={fixed === null ? setting : { ...setting, fixed: null }} />
        ))}
      </div>
    </Paper>
  )
}
