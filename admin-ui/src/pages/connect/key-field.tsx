/** The key that the samples hold: pasted, or made here; the first one only after a question, for it closes the door to all without one. */
import { Button, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useId, useState } from 'react'
import { Link } from 'wouter'
import { Confirm } from '../../parts/confirm.tsx'
import { createKey } from '../../parts/create-key.ts'
import { say } from '../../parts/say.ts'
import styles from './connect.module.css'
import type { KeyNeed } from './key-need.ts'

interface Props {
  readonly value: string
  readonly onChange: (key: string) => void
  /** What stands in the samples where there is none. */
  readonly placeholder: string
  /** Whom a new one is for. */
  readonly client: string
  readonly need: KeyNeed | undefined
}

export function KeyField({ value, onChange, placeholder, client, need }: Props) {
  const about = useId()
  const [asked, { open, close }] = useDisclosure(false)
  const [busy, setBusy] = useState(false)
  const [made, setMade] = useState<{ readonly secret: string; readonly client: string }>()
  const make = async () => {
    const secret = await createKey({ name: client })
    setMade({ secret, client })
    onChange(secret)
  }
  const makeAtOnce = async () => {
    setBusy(true)
    await say.failure(make())
    setBusy(false)
  }
  return (
    <>
      <TextInput
        label="Key"
        placeholder={placeholder}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        aria-describedby={about}
        rightSectionWidth={96}
        rightSection={
          <Button
            size="compact-xs"
            onClick={() => (need === 'not yet' ? open() : void makeAtOnce())}
            disabled={need === undefined || value !== ''}
            loading={busy}
          >
            Make one
          </Button>
        }
      />
      <Text size="sm" c="dimmed" id={about} role="status" className={styles['about']}>
        {made !== undefined && made.secret === value ? <Made of={made.client} /> : <About need={need} />}
      </Text>
      <Confirm
        opened={asked}
        close={close}
        title="Make the first key?"
        act="Make the key"
        stay="Not now"
        harmless
        run={make}
      >
        <Text>From then on every client needs a key; clients without one are turned away.</Text>
        <Text size="sm" c="dimmed">
          This stays so when the key is revoked.
        </Text>
      </Confirm>
    </>
  )
}

function Made({ of: client }: { readonly of: string }) {
  return <b>Made for {client}. It is not shown again: copy it now.</b>
}

function About({ need }: { readonly need: KeyNeed | undefined }) {
  if (need === 'never') return <>No key is needed.</>
  if (need === 'not yet') return <>No key is needed yet. With the first one, every client needs one.</>
  return (
    <>
      A key’s secret is told only when it is made. Keys are listed under <Link href="/keys">Keys</Link>.
    </>
  )
}
