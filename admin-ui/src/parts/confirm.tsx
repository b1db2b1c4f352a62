/** Asks once before what is destroyed or had better be thought over, and shows in its place why that was refused. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { messageOf } from '../api.ts'

interface Props {
  readonly opened: boolean
  readonly close: () => void
  readonly title: string
  /** What it frees, loses or brings about. */
  readonly children: ReactNode
  /** What the button says: "Delete". */
  readonly act: string
  readonly run: () => Promise<unknown>
  /** What the other button says. */
  readonly stay?: string
  /** Nothing is lost by it. */
  readonly harmless?: boolean
  /** What may help where it was refused. */
  readonly help?: ReactNode
}

export function Confirm({ opened, close, title, children, act, run, stay = 'Keep it', harmless = false, help }: Props) {
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const leave = () => {
    setRefusal(undefined)
    close()
  }
  const go = async () => {
    setBusy(true)
    try {
      await run()
      leave()
    } catch (error) {
      setRefusal(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened={opened} onClose={leave} title={title} styles={{ header: { position: 'static' } }}>
      <Stack gap="sm">
        {children}
        {refusal !== undefined && (
          <Text size="sm" c="var(--bad)" role="alert">
            {refusal}
          </Text>
        )}
        {help}
        <Group justify="flex-end" gap="xs">
          <Button onClick={leave} data-autofocus>
            {stay}
          </Button>
          <Button
            variant="filled"
            {...(harmless ? {} : { color: 'var(--bad)', c: 'var(--card)' })}
            loading={busy}
            onClick={() => void go()}
          >
            {act}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
