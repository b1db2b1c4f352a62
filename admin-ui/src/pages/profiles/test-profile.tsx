/** Tries a profile with one click: loads it, asks it one question, and shows how that goes. */
import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { Trial } from './trial.tsx'

export function TestProfile({ name }: { readonly name: string }) {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button onClick={() => setOpened(true)} aria-label={`Test ${name}`}>
        Test
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={`Test of ${name}`} size="lg">
        {opened && <Trial name={name} close={() => setOpened(false)} />}
      </Modal>
    </>
  )
}
