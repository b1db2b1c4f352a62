/** What a client needs to know. */
import { Button, Stack, Text } from '@mantine/core'
import { Link } from 'wouter'
import { Snippet } from '../../parts/snippet.tsx'

export function ConnectStep({ model }: { readonly model: string | null }) {
  return (
    <Stack maw={720}>
      <Text>
        Every client of the OpenAI API can ask this gateway. It needs an address, a model, and a key once there is one.
      </Text>
      <Snippet title="Base URL" text={`${location.origin}/v1`} />
      {model !== null && <Snippet title="Model" text={model} />}
      <Button component={Link} href="/connect" variant="filled" mr="auto">
        Settings for your client
      </Button>
    </Stack>
  )
}
