/** Something could not be had: the gateway's own words, and another try. */
import { Alert, Button, Stack } from '@mantine/core'
import { messageOf } from '../api.ts'

export function Problem({ error, again }: { readonly error: unknown; readonly again?: (() => void) | undefined }) {
  return (
    <Alert color="var(--bad)" variant="light" role="alert">
      <Stack gap="xs" align="flex-start">
        <span>{messageOf(error)}</span>
        {again !== undefined && <Button onClick={again}>Try again</Button>}
      </Stack>
    </Alert>
  )
}
