/** Takes profiles over from a file: what would come of it is shown before anything is saved. */
import { Button, FileButton, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { messageOf } from '../../api.ts'
import { say } from '../../parts/say.ts'
import type { Profile } from '../../parts/use-profiles.ts'
import { ImportPreview } from './import-preview.tsx'
import { chosenOf } from './import-words.ts'
import styles from './profiles.module.css'
import { useImport } from './use-import.ts'

export function ImportProfiles({ profiles }: { readonly profiles: readonly Profile[] }) {
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button onClick={open}>Import…</Button>
      <Modal opened={opened} onClose={close} title="Import profiles" size="xl">
        {opened && <Import profiles={profiles} close={close} />}
      </Modal>
    </>
  )
}

function Import({ profiles, close }: { readonly profiles: readonly Profile[]; readonly close: () => void }) {
  const [text, setText] = useState('')
  const [aside, setAside] = useState<ReadonlySet<string>>(new Set())
  const { planned, error, fresh, busy, apply } = useImport(text, profiles)
  const write = (next: string) => {
    setText(next)
    setAside(new Set())
  }
  const read = (file: File | null) => void say.failure(file?.text().then(write) ?? Promise.resolve())
  const chosen = planned === undefined ? [] : chosenOf(planned, aside)
  const take = async () => {
    if (await apply(chosen.map(({ name }) => name))) close()
  }
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        A file that was exported here, the profiles of a configuration file, or llama-swap’s configuration. Nothing is
        saved before you have seen what would be.
      </Text>
      <Group gap="xs">
        <FileButton onChange={read} accept=".yaml,.yml,.json,application/yaml,text/yaml,application/json">
          {(props) => <Button {...props}>Choose a file</Button>}
        </FileButton>
        <Text size="sm" c="dimmed">
          or paste its text:
        </Text>
      </Group>
      <Textarea
        aria-label="Text of the file"
        autosize
        minRows={4}
        maxRows={7}
        spellCheck={false}
        value={text}
        onChange={({ currentTarget }) => write(currentTarget.value)}
        error={text.trim() === '' || error === null ? undefined : messageOf(error)}
        classNames={{ input: styles['mono'] ?? '' }}
        data-autofocus
      />
      {planned !== undefined && (
        <ImportPreview
          planned={planned}
          aside={aside}
          put={(name, out) => setAside(new Set(out ? [...aside, name] : [...aside].filter((other) => other !== name)))}
        />
      )}
      <Group justify="flex-end" gap="xs">
        <Button onClick={close}>Cancel</Button>
        <Button variant="filled" disabled={chosen.length === 0 || !fresh} loading={busy} onClick={() => void take()}>
          {chosen.length === 0 ? 'Import' : `Import ${chosen.length}`}
        </Button>
      </Group>
    </Stack>
  )
}
