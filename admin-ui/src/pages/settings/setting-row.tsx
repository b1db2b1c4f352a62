/** One setting: what it is, where it comes from, and a field where it can be changed. */
import { Badge, Button, Code, Text } from '@mantine/core'
import { useState } from 'react'
import { api, ask, inPath, messageOf } from '../../api.ts'
import { say } from '../../parts/say.ts'
import { queryClient } from '../../query-client.ts'
import { SettingField } from './setting-field.tsx'
import { aboutOf, originOf, textOf } from './setting.ts'
import type { Setting } from './setting.ts'
import styles from './settings.module.css'

export function SettingRow({ setting }: { readonly setting: Setting }) {
  const { path, origin, editable, fixed, appliesAt, pending, secret } = setting
  const [problem, setProblem] = useState<string>()
  const param = { path: inPath(path) }
  const change = async (work: Promise<unknown>, done: string) => {
    setProblem(undefined)
    try {
      await work
      say.done(done)
    } catch (error) {
      setProblem(messageOf(error))
      return false
    }
    await queryClient.invalidateQueries({ queryKey: ['settings'] })
    return true
  }
  const save = (value: unknown) =>
    change(
      ask(api.settings[':path'].$put({ param, json: { value } })),
      appliesAt === 'once' ? `${path} is changed.` : `${path} is changed from the next start on.`,
    )
  const undo = () => change(ask(api.settings[':path'].$delete({ param })), `${path} is as it was before.`)
  return (
    <div className={styles['row']}>
      <div>
        <label className={styles['path']} htmlFor={path}>
          {path}
        </label>
        <Text size="sm" c="dimmed">
          {aboutOf(setting)}
        </Text>
      </div>
      <div>
        {editable ? (
          <SettingField key={textOf(setting)} setting={setting} save={save} problem={problem} />
        ) : (
          <Code id={path}>{secret ? 'set, and not shown' : textOf(setting) || 'not set'}</Code>
        )}
        <Text size="sm" c="dimmed" className={styles['origin']}>
          {originOf(setting)}
          {pending && <Badge color="var(--warn)">after the next start</Badge>}
          {origin === 'page' && (
            <Button size="compact-xs" onClick={() => void undo()} aria-label={`Undo the change of ${path}`}>
              Undo
            </Button>
          )}
        </Text>
        {fixed !== null && (
          <Text size="sm" c="dimmed">
            {fixed}
          </Text>
        )}
      </div>
    </div>
  )
}
