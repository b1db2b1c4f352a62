/** All profiles, by where they come from. */
import { Button, Paper, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { useLive } from '../../live.ts'
import { PageHead } from '../../parts/page-head.tsx'
import type { Profile } from '../../parts/use-profiles.ts'
import { addresses } from './address.ts'
import { ImportProfiles } from './import-profiles.tsx'
import { ProfileTable } from './profile-table.tsx'
import styles from './profiles.module.css'
import { isNamed, shelvesOf } from './shelves.ts'
import type { Shelf } from './shelves.ts'

/** So many are found without a search. */
const few = 8

export function ProfileList({ profiles }: { readonly profiles: readonly Profile[] }) {
  const [text, setText] = useState('')
  const shown = profiles.filter((profile) => isNamed(text, profile))
  return (
    <>
      <PageHead title="Profiles">
        {profiles.length > few && (
          <TextInput
            type="search"
            size="xs"
            aria-label="Find a profile"
            placeholder="Find by name, alias or model"
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            className={styles['search']}
          />
        )}
        {profiles.some(({ origin }) => origin === 'store') && (
          <Button component="a" href="/admin/api/profiles/export" download>
            Export
          </Button>
        )}
        <ImportProfiles profiles={profiles} />
        <Button component={Link} href={addresses.blank} variant="filled">
          New profile
        </Button>
      </PageHead>
      {text !== '' && shown.length === 0 ? (
        <Text c="dimmed" role="status">
          No profile is called that, nor serves a model that is.
        </Text>
      ) : (
        shelvesOf(shown)
          .filter((shelf) => text === '' || shelf.profiles.length > 0)
          .map((shelf) => <ShelfCard key={shelf.id} shelf={shelf} />)
      )}
    </>
  )
}

function ShelfCard({ shelf: { id, title, about, profiles } }: { readonly shelf: Shelf }) {
  const servers = useLive(({ servers }) => servers)
  return (
    <Paper component="section" aria-labelledby={id}>
      <Title order={2} id={id} c="dimmed">
        {title}
      </Title>
      {profiles.length === 0 ? (
        <div className={styles['invitation']}>
          <Text c="dimmed" maw={620}>
            You have made none yet. A profile serves a model under a name of your own, with its own parameters, context
            and time to stay; a model can have several.
          </Text>
          <Button component={Link} href={addresses.blank}>
            Make the first
          </Button>
        </div>
      ) : (
        <>
          <Text size="sm" c="dimmed">
            {about}
          </Text>
          <ProfileTable of={title} profiles={profiles} servers={servers} />
        </>
      )}
    </Paper>
  )
}
