/** Asks before changes that are not saved are left behind: by a link, by the palette, by "back", or with the tab. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'

export interface LeaveGuard {
  /** The changes are saved: whoever leaves is no longer asked. */
  readonly release: () => void
  readonly question: React.ReactNode
}

export function useLeaveGuard(dirty: boolean): LeaveGuard {
  const released = useRef(false)
  const [leaving, setLeaving] = useState<() => void>()
  const [, go] = useLocation()
  const release = useCallback(() => {
    released.current = true
  }, [])
  useEffect(() => {
    if (!dirty) return undefined
    released.current = false
    const hold = (event: BeforeUnloadEvent) => {
      if (!released.current) event.preventDefault()
    }
    const ask = (event: NavigateEvent) => {
      const { destination, navigationType, hashChange, cancelable } = event
      if (released.current || hashChange || !destination.sameDocument || !cancelable) return
      event.preventDefault()
      const { pathname, search } = new URL(destination.url)
      const leave = () => {
        released.current = true
        if (navigationType === 'traverse') navigation.traverseTo(destination.key)
        else go(`~${pathname}${search}`, { replace: navigationType === 'replace' })
      }
      setLeaving(() => leave)
    }
    addEventListener('beforeunload', hold)
    // Safari has it since 26.2; before, only a tab that is closed asks
    const places = 'navigation' in globalThis ? navigation : undefined
    places?.addEventListener('navigate', ask)
    return () => {
      removeEventListener('beforeunload', hold)
      places?.removeEventListener('navigate', ask)
    }
  }, [dirty, go])
  const stay = () => setLeaving(undefined)
  return {
    release,
    question: (
      <Modal opened={leaving !== undefined} onClose={stay} title="Leave without saving?">
        <Stack>
          <Text>What you have changed here is not saved, and is lost when you leave.</Text>
          <Group justify="flex-end" gap="xs">
            <Button onClick={stay} data-autofocus>
              Go on editing
            </Button>
            <Button variant="filled" color="var(--bad)" c="var(--card)" onClick={leaving}>
              Leave
            </Button>
          </Group>
        </Stack>
      </Modal>
    ),
  }
}
