/** Every server that lives, or failed and will be tried again, as a card. */
import { Button } from '@mantine/core'
import { Link } from 'wouter'
import { useLive } from '../../live.ts'
import { Empty } from '../../parts/empty.tsx'
import { useHistory } from '../../parts/use-history.ts'
import styles from './dashboard.module.css'
import { ServerCard } from './server-card.tsx'

export function Servers() {
  const servers = useLive(({ servers }) => servers)
  const shown = [...servers.values()]
    .filter(({ state, waiting }) => state !== 'stopped' || waiting > 0)
    .toSorted((one, other) => one.profile.localeCompare(other.profile))
  if (shown.length === 0) return <NoServer />
  return (
    <section className={styles['grid']} aria-label="Servers">
      {shown.map((server) => (
        <ServerCard key={server.profile} server={server} />
      ))}
    </section>
  )
}

function NoServer() {
  const { requests, known } = useHistory()
  const first = known && requests.length === 0
  return (
    <Empty
      title="Nothing is loaded"
      next={
        first && (
          <Button component={Link} href="/start" variant="filled">
            Get a first answer
          </Button>
        )
      }
    >
      A model’s server starts when somebody asks for it, and is shown here with its memory and its speed.
    </Empty>
  )
}
