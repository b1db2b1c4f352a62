/** A field for a setting's value; what is written is judged by the gateway. */
import { Button, PasswordInput, Select, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { textOf, valueOf } from './setting.ts'
import type { Setting } from './setting.ts'
import styles from './settings.module.css'

interface Props {
  readonly setting: Setting
  /** True where it was taken. */
  readonly save: (value: unknown) => Promise<boolean>
  readonly problem: string | undefined
}

export function SettingField({ setting, save, problem }: Props) {
  const { path, value, kind, enum: choices, secret, unit } = setting
  const [text, setText] = useState(secret ? '' : textOf(setting))
  const [busy, setBusy] = useState(false)
  const send = async (next: unknown) => {
    setBusy(true)
    await save(next)
    setBusy(false)
  }
  if (kind === 'boolean') {
    return (
      <Switch
        id={path}
        aria-label={path}
        checked={value === true}
        disabled={busy}
        onChange={() => void send(value !== true)}
        error={problem}
      />
    )
  }
  if (choices !== null) {
    return (
      <Select
        id={path}
        data={choices}
        value={text}
        disabled={busy}
        allowDeselect={false}
        onChange={(choice) => void send(choice)}
        error={problem}
      />
    )
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    void send(valueOf(text, setting))
  }
  const shared = {
    id: path,
    value: text,
    error: problem,
    flex: 1,
    placeholder: secret ? (value === null ? 'not set' : 'set, and not shown') : placeholder(setting),
    onChange: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) =>
      setText(currentTarget.value),
    ...(unit === 'ms' ? { 'aria-description': 'such as 30s, 10m, 2h' } : {}),
    ...(unit === 'bytes' ? { 'aria-description': 'such as 500MB, 24GB' } : {}),
  }
  const touched = secret ? text !== '' : text !== textOf(setting)
  return (
    <form onSubmit={submit} className={styles['field']}>
      {secret ? <PasswordInput {...shared} autoComplete="off" /> : <TextInput {...shared} />}
      {touched && (
        <Button type="submit" variant="filled" loading={busy}>
          Save
        </Button>
      )}
    </form>
  )
}

function placeholder({ kind, unit }: Setting): string {
  if (kind === 'list') return 'several, with commas between'
  if (unit === 'ms') return 'such as 30s, 10m, 2h'
  return unit === 'bytes' ? 'such as 500MB, 24GB' : 'not set'
}
