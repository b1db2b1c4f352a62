/** Settings to copy into a client, filled in with this gateway's address, a key and a model. */
import { Alert, Paper, Select, Stack, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { useLive } from '../../live.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { Snippet } from '../../parts/snippet.tsx'
import { useProfiles } from '../../parts/use-profiles.ts'
import { ClientList } from './client-list.tsx'
import { clientsInOrder, paths, served } from './clients.ts'
import type { Client, Connection } from './clients.ts'
import styles from './connect.module.css'
import { KeyField } from './key-field.tsx'
import { useKeyNeed } from './use-key-need.ts'

export default function Connect() {
  const profiles = useProfiles()
  const [chosen, setChosen] = useState<string | null>(null)
  const [key, setKey] = useState('')
  const [client, setClient] = useState(clientsInOrder[0])
  const need = useKeyNeed()
  const noKey = need === 'not yet' || need === 'never' ? 'none-needed-yet' : 'YOUR_KEY'
  const model = chosen ?? profiles[0]?.name ?? 'MODEL'
  const trained = useLive(({ servers }) => servers.get(model)?.contextLength)
  const context = profiles.find(({ name }) => name === model)?.context ?? trained ?? undefined
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
          <KeyField value={key} onChange={setKey} placeholder={noKey} client={client?.name ?? 'client'} need={need} />
        </div>
      </Paper>
      {client !== undefined && (
        <div className={styles['two']}>
          <ClientList client={client} choose={setClient} />
          <Steps client={client} connection={{ origin: location.origin, key: key.trim() || noKey, model, context }} />
        </div>
      )}
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
