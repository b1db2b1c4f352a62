/** What a client needs to know, and the shortest one there is. */
import { Button, Stack, Text } from '@mantine/core'
import { Link } from 'wouter'
import { Snippet } from '../../parts/snippet.tsx'
import { clients } from '../connect/clients.ts'

export function ConnectStep({ model }: { readonly model: string | null }) {
  const { origin } = location
  const curl = clients.find(({ name }) => name === 'curl')
  const steps = model === null ? [] : (curl?.steps({ origin, key: 'YOUR_KEY', model }) ?? [])
  return (
    <Stack maw={720}>
      <Text>
        Every client of the OpenAI API can ask this gateway. It needs an address, a model, and a key once there is one.
      </Text>
      <Snippet title="Base URL" text={`${origin}/v1`} />
      {model !== null && <Snippet title="Model" text={model} />}
      {steps.map(({ text }) => (
        <Snippet key={text} title="Try it in a terminal" text={text} />
      ))}
      <Button component={Link} href="/connect" mr="auto">
        Settings for your client
      </Button>
    </Stack>
  )
}
