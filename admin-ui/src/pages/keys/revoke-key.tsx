/** Takes a key back, once it was said what that breaks. */
import { Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { api, ask } from '../../api.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { queryClient } from '../../query-client.ts'
import type { Key } from './keys.tsx'

export function RevokeKey({ of: { id, name } }: { readonly of: Pick<Key, 'id' | 'name'> }) {
  const [opened, { open, close }] = useDisclosure(false)
  const revoke = async () => {
    await ask(api.keys[':id'].$delete({ param: { id } }))
    await queryClient.invalidateQueries({ queryKey: ['keys'] })
  }
  return (
    <>
      <Button onClick={open} aria-label={`Revoke ${name}`}>
        Revoke
      </Button>
      <Confirm opened={opened} close={close} title={`Revoke “${name}”?`} act="Revoke" run={revoke}>
        <Text ta="left">
          Whoever uses it is turned away from now on, and its answers under way end. It cannot be given back.
        </Text>
      </Confirm>
    </>
  )
}
