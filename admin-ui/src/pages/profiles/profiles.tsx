/** Profiles: how models are served, under which names. The list, or the one that is being made or changed. */
import { useEffect } from 'react'
import { useSearchParams } from 'wouter'
import { PageHead } from '../../parts/page-head.tsx'
import { Problem } from '../../parts/problem.tsx'
import { useProfilesQuery } from '../../parts/use-profiles.ts'
import { Waiting } from '../../parts/waiting.tsx'
import { viewOf } from './address.ts'
import { Editor } from './editor.tsx'
import { ProfileList } from './profile-list.tsx'

export default function Profiles() {
  const [address] = useSearchParams()
  const { data: profiles, error, refetch } = useProfilesQuery()
  const view = viewOf(address)
  // in braces: the newest browsers answer with a promise
  useEffect(() => {
    scrollTo(0, 0)
  }, [address])
  if (profiles === undefined) {
    return (
      <>
        <PageHead title="Profiles" />
        {error === null ? (
          <Waiting what="Loading the profiles" />
        ) : (
          <Problem error={error} again={() => void refetch()} />
        )}
      </>
    )
  }
  return view.kind === 'list' ? (
    <ProfileList profiles={profiles} />
  ) : (
    <Editor key={address.toString()} view={view} profiles={profiles} />
  )
}
