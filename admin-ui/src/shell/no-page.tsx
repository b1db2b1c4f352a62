/** A path that leads nowhere. */
import { Button } from '@mantine/core'
import { Link } from 'wouter'
import { Empty } from '../parts/empty.tsx'
import { PageHead } from '../parts/page-head.tsx'

export function NoPage() {
  return (
    <>
      <PageHead title="No such page" />
      <Empty
        title="There is nothing at this address"
        next={
          <Button component={Link} href="/" variant="filled">
            Open the dashboard
          </Button>
        }
      >
        The address may have been mistyped, or belong to another version.
      </Empty>
    </>
  )
}
