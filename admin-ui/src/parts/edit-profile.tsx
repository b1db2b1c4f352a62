/** To the form of a profile, where it can be changed here: what would fail again until somebody changes it. */
import { Button } from '@mantine/core'
import { Link } from 'wouter'
import { editOf } from './links.ts'
import { useProfiles } from './use-profiles.ts'

export function EditProfile({ name }: { readonly name: string }) {
  const profile = useProfiles().find((one) => one.name === name)
  if (profile === undefined || profile.readOnly) return null
  return (
    <Button component={Link} href={editOf(name)} aria-label={`Edit profile ${name}`}>
      Edit profile
    </Button>
  )
}
