/** One profile, to be made or changed: what its form begins with. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { Empty } from '../../parts/empty.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Problem } from '../../parts/problem.tsx'
import type { Profile } from '../../parts/use-profiles.ts'
import { Waiting } from '../../parts/waiting.tsx'
import { addresses } from './address.ts'
import type { View } from './address.ts'
import { likeAnother, ofModel } from './form-values.ts'
import type { ProfileSettings } from './form-values.ts'
import { ProfileForm } from './profile-form.tsx'
import { useFieldFacts } from './use-fields.ts'
import type { Before } from './use-save.ts'

interface Props {
  readonly view: Exclude<View, { kind: 'list' }>
  readonly profiles: readonly Profile[]
}

export function Editor({ view, profiles }: Props) {
  const { data: facts, error, refetch } = useFieldFacts()
  // as it was when the form was opened: what changes elsewhere must not take away what is being written
  const [beginning] = useState(() => beginningOf(view, profiles))
  if (beginning.kind === 'unknown') return <Unknown name={beginning.name} />
  if (beginning.kind === 'read-only') return <ReadOnly profile={beginning.profile} />
  if (facts === undefined) {
    return error === null ? <Waiting what="Loading the form" /> : <Problem error={error} again={() => void refetch()} />
  }
  const { settings, before } = beginning
  const now = profiles.find(({ name }) => name === before?.name)
  const changedMeanwhile = now !== undefined && JSON.stringify(now.settings) !== JSON.stringify(settings)
  return <ProfileForm begun={settings} before={before} changedMeanwhile={changedMeanwhile} facts={facts} />
}

type Beginning =
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'read-only'; readonly profile: Profile }
  | { readonly kind: 'form'; readonly settings: Partial<ProfileSettings>; readonly before: Before | undefined }

function beginningOf(view: Props['view'], profiles: readonly Profile[]): Beginning {
  const named = (name: string) => profiles.find((profile) => profile.name === name)
  const taken = new Set(profiles.flatMap(({ name, aliases }) => [name, ...aliases]))
  if (view.kind === 'edit') {
    const { name } = view
    const profile = named(name)
    if (profile === undefined) return { kind: 'unknown', name }
    if (profile.readOnly) return { kind: 'read-only', profile }
    return { kind: 'form', settings: profile.settings, before: { name, settings: profile.settings } }
  }
  if (view.from === undefined) return fresh(view.model === undefined ? {} : ofModel(view.model, taken))
  const like = named(view.from)
  return like === undefined ? { kind: 'unknown', name: view.from } : fresh(likeAnother(like.settings, taken))
}

function fresh(settings: Partial<ProfileSettings>): Beginning {
  return { kind: 'form', settings, before: undefined }
}

function Unknown({ name }: { readonly name: string }) {
  return (
    <>
      <PageHead title="Profiles" />
      <Empty
        title={`No profile is called ${name}`}
        next={
          <Button component={Link} href={addresses.list} variant="filled">
            All profiles
          </Button>
        }
      >
        It may have been renamed or deleted.
      </Empty>
    </>
  )
}

function ReadOnly({ profile: { name, origin } }: { readonly profile: Profile }) {
  return (
    <>
      <PageHead title="Profiles">
        <Button component={Link} href={addresses.list}>
          All profiles
        </Button>
      </PageHead>
      <Empty
        title={`${name} cannot be changed here`}
        next={
          <Button component={Link} href={addresses.like(name)} variant="filled">
            Duplicate it
          </Button>
        }
      >
        {origin === 'file'
          ? 'It is declared in the configuration file, and is changed there.'
          : 'It is a model on this machine that answers to its own id, with the usual settings.'}
      </Empty>
    </>
  )
}
