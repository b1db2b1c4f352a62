/** Settings to copy into a client, filled in with this gateway's address, a key and a model. */
import { Alert, Button, NavLink, Paper, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { PageHead } from '../../parts/page-head.tsx'
import { Snippet } from '../../parts/snippet.tsx'
import { useProfiles } from '../../parts/use-profiles.ts'
import { clients, paths, served } from './clients.ts'
import type { Client, Connection } from './clients.ts'
import styles from './connect.module.css'
import { useNewKey } from './use-new-key.ts'

const noKey = 'YOUR_KEY'

export default function Connect() {
  const profiles = useProfiles()
  const [chosen, setChosen] = useState<string | null>(null)
  const [key, setKey] = useState('')
  const [client, setClient] = useState<Client | undefined>(clients[0])
  const making = useNewKey(setKey)
  const model = chosen ?? profiles[0]?.name ?? 'MODEL'
  return (
    <>
      <PageHead title="Connect a client" />
      <Paper>
        <div className={styles['choice']}>
          <TextInput label="Address" value={`${location.origin}/v1`} readOnly />
          <Select
            label="Model"
            data={profiles.map(({ name }) => name)}
            value={model}
            onChange={setChosen}
            searchable
            nothingFoundMessage="No model is called that."
          />
          <TextInput
            label="Key"
            placeholder={noKey}
            value={key}
            onChange={({ currentTarget }) => setKey(currentTarget.value)}
            rightSectionWidth={96}
            rightSection={
              <Button
                size="compact-xs"
                onClick={() => void making.make(client?.name ?? 'client')}
                loading={making.busy}
              >
                Make one
              </Button>
            }
          />
        </div>
        {key === '' && (
          <Text size="sm" c="dimmed" mt="xs">
            A key’s secret is told only when it is made. Keys are listed under <Link href="/keys">Keys</Link>.
          </Text>
        )}
      </Paper>
      <div className={styles['two']}>
        <Paper component="nav" p="xs" aria-label="Clients">
          {clients.map((one) => (
            <NavLink
              key={one.name}
              component="button"
              label={one.name}
              active={one === client}
              aria-current={one === client ? 'true' : undefined}
              onClick={() => setClient(one)}
            />
          ))}
        </Paper>
        {client !== undefined && (
          <Steps client={client} connection={{ origin: location.origin, key: key.trim() || noKey, model }} />
        )}
      </div>
    </>
  )
}

function Steps({ client, connection }: { readonly client: Client; readonly connection: Connection }) {
  return (
    <Paper component="section" aria-labelledby="client">
      <Stack gap="md">
        <Title order={2} id="client" fz={15}>
          {client.name}
        </Title>
        {served.has(client.wire) || (
          <Alert color="var(--warn)" variant="light">
            {client.name} asks at <code>{paths[client.wire]}</code>, which this version of the gateway does not serve
            yet.
          </Alert>
        )}
        {client.steps(connection).map(({ where, text }) => (
          <Snippet key={where} title={where} text={text} />
        ))}
      </Stack>
    </Paper>
  )
}
