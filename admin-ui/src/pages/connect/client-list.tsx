/** Which client the settings are for: a list, on a phone a field to choose in. */
import { NavLink, Paper, Select, Text } from '@mantine/core'
import { clientsInOrder, served } from './clients.ts'
import type { Client } from './clients.ts'

interface Props {
  readonly client: Client
  readonly choose: (client: Client) => void
}

export function ClientList({ client, choose }: Props) {
  return (
    <>
      <Select
        hiddenFrom="sm"
        label="Client"
        data={clientsInOrder.map((one) => ({
          value: one.name,
          label: served.has(one.wire) ? one.name : `${one.name} (not yet)`,
        }))}
        value={client.name}
        allowDeselect={false}
        onChange={(name) => choose(clientsInOrder.find((one) => one.name === name) ?? client)}
      />
      <Paper component="nav" p="xs" aria-label="Clients" visibleFrom="sm">
        {clientsInOrder.map((one) => (
          <NavLink
            key={one.name}
            component="button"
            label={one.name}
            active={one === client}
            aria-current={one === client ? 'true' : undefined}
            onClick={() => choose(one)}
            rightSection={
              served.has(one.wire) ? undefined : (
                <Text span size="sm" c="dimmed">
                  not yet
                </Text>
              )
            }
          />
        ))}
      </Paper>
    </>
  )
}
