/** Deletes a model, or one revision of it, once somebody has read what that means. */
import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { api, ask, inPath } from '../../api.ts'
import { useLive } from '../../live.ts'
import { Act } from '../../parts/act.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { bytes } from '../../parts/format.ts'
import { say } from '../../parts/say.ts'
import { queryClient } from '../../query-client.ts'
import { consequences, nameOf } from './deletion.ts'
import styles from './models.module.css'
import { usersOf } from './shelf.ts'
import type { LocalModel, Revision } from '../../parts/use-models.ts'

interface Props {
  readonly model: LocalModel
  /** Only that one. */
  readonly revision?: Revision
}

export function DeleteModel({ model, revision }: Props) {
  const [asked, setAsked] = useState(false)
  const what = revision === undefined ? model.id : `revision ${nameOf(revision)} of ${model.id}`
  const remove = async () => {
    const query = { folder: model.folder, ...(revision === undefined ? {} : { revision: revision.commit }) }
    const { freedBytes } = await ask(api.models[':id'].$delete({ param: { id: inPath(model.id) }, query }))
    say.done(`Deleted ${what}: ${bytes(freedBytes)} freed.`)
    await Promise.all(['models', 'disk'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })))
  }
  return (
    <>
      <Button onClick={() => setAsked(true)} aria-label={`Delete ${what}`}>
        Delete…
      </Button>
      <Confirm
        opened={asked}
        close={() => setAsked(false)}
        title={`Delete ${what}?`}
        act="Delete"
        run={remove}
        help={asked && model.source !== 'starter' && <InUse model={model} />}
      >
        <Text>{consequences(model, revision).join(' ')}</Text>
        <Text size="sm" c="dimmed" className={styles['paths']}>
          {model.folder}
        </Text>
      </Confirm>
    </>
  )
}

/** Servers that hold it now, with what makes them let go. */
function InUse({ model }: { readonly model: LocalModel }) {
  const users = useLive(({ servers }) => usersOf(model, servers))
  return users.map(({ profile, state }) => (
    <div key={profile} className={styles['row']}>
      <Text size="sm" mr="auto">
        {profile} is {state === 'stopping' ? 'being unloaded.' : 'loaded, and uses it.'}
      </Text>
      {state !== 'stopping' && (
        <Act label="Unload" name={`Unload ${profile}`} run={() => unload(profile, state === 'starting')} />
      )}
    </div>
  ))
}

function unload(profile: string, now: boolean): Promise<unknown> {
  return ask(api.servers[':profile'].stop.$post({ param: { profile: inPath(profile) }, json: { now } }))
}
