/** What a client needs to know. */
import { Button, Stack, Text } from '@mantine/core'
import { Link } from 'wouter'
import { Snippet } from '../../parts/snippet.tsx'

export function ConnectStep({ model }: { readonly model: string | null }) {
  return (
    <Stack align="flex-start" maw={720}>
      <Text>
        Every client of the OpenAI API can ask this gateway. It needs an address, a model, and a key once there is one.
      </Text>
      <div style={{ width: '100%' }}>
        <Snippet title="Base URL" text={`${location.origin}/v1`} />
      </div>
      {model !== null && (
        <div style={{ width: '100%' }}>
          <Snippet title="Model" text={model} />
        </div>
      )}
      <Button component={Link} href="/connect" variant="filled">
        Settings for your client
      </Button>
    </Stack>
  )
}
