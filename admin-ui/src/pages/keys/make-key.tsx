/** Makes a key; its secret is shown this once. */
import { Button, Checkbox, Group, Modal, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { ApiError, messageOf } from '../../api.ts'
import { createKey } from '../../parts/create-key.ts'
import { Snippet } from '../../parts/snippet.tsx'
import { useProfiles } from '../../parts/use-profiles.ts'

const day = 86_400_000
const lives: readonly { readonly value: string; readonly label: string }[] = [
  { value: '', label: 'Never' },
  { value: String(day), label: 'In a day' },
  { value: String(30 * day), label: 'In 30 days' },
  { value: String(365 * day), label: 'In a year' },
]
const scopes = [
  { value: 'inference', label: 'Ask models' },
  { value: 'metrics', label: 'Read metrics' },
  { value: 'admin', label: 'Administer the gateway' },
] as const

type Scope = (typeof scopes)[number]['value']

export function MakeKey({ opened, close }: { readonly opened: boolean; readonly close: () => void }) {
  const [secret, setSecret] = useState<string>()
  const leave = () => {
    close()
    setSecret(undefined)
  }
  return (
    <Modal opened={opened} onClose={leave} title={secret === undefined ? 'Make a key' : 'The key'} size="lg">
      {secret === undefined ? (
        <KeyForm made={setSecret} />
      ) : (
        <Stack>
          <Text>Copy it now: it is not shown again. Only a fingerprint of it is kept.</Text>
          <Snippet title="Key" text={secret} />
          <Group justify="flex-end">
            <Button variant="filled" onClick={leave}>
              Done
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}

/** Ms since 1970; null: never. */
function endOf(life: string): number | null {
  return life === '' ? null : Date.now() + Number(life)
}

function KeyForm({ made }: { readonly made: (secret: string) => void }) {
  const profiles = useProfiles()
  const [problem, setProblem] = useState<string>()
  const form = useForm({
    initialValues: { name: '', scopes: ['inference'] as Scope[], models: [] as string[], life: '' },
    validate: {
      name: (name) => (name.trim() === '' ? 'Say whose it is, or what for.' : null),
      scopes: (chosen) => (chosen.length === 0 ? 'Choose what it may do.' : null),
    },
  })
  const make = async ({ name, scopes, models, life }: typeof form.values) => {
    setProblem(undefined)
    try {
      const limits = {
        models: models.length === 0 ? null : models,
        expiresAt: endOf(life),
      }
      made(await createKey({ name: name.trim(), scopes, ...limits }))
    } catch (error) {
      if (error instanceof ApiError && error.param === 'name') form.setFieldError('name', error.message)
      else setProblem(messageOf(error))
    }
  }
  return (
    <form onSubmit={form.onSubmit((values) => make(values))} noValidate>
      <Stack>
        <TextInput
          label="Name"
          placeholder="laptop, open-webui, …"
          required
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Checkbox.Group label="It may" {...form.getInputProps('scopes')}>
          <Group mt={6}>
            {scopes.map(({ value, label }) => (
              <Checkbox key={value} value={value} label={label} />
            ))}
          </Group>
        </Checkbox.Group>
        <MultiSelect
          label="Models it may ask for"
          placeholder={form.values.models.length === 0 ? 'All of them' : ''}
          data={profiles.flatMap(({ name, aliases }) => [name, ...aliases])}
          searchable
          {...form.getInputProps('models')}
        />
        <Select label="It ends" data={lives} allowDeselect={false} {...form.getInputProps('life')} />
        {problem !== undefined && (
          <Text c="var(--bad)" role="alert">
            {problem}
          </Text>
        )}
        <Group justify="flex-end">
          <Button type="submit" variant="filled" loading={form.submitting}>
            Make the key
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
