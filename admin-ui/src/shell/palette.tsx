/** ⌘K: pages, models and what can be done with them. */
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import type { SpotlightActionGroupData } from '@mantine/spotlight'
import { useLocation } from 'wouter'
import { useLive } from '../live.ts'
import { talkTo } from '../parts/links.ts'
import { serverActions } from '../parts/server-actions.ts'
import { say } from '../parts/say.ts'
import { useProfiles } from '../parts/use-profiles.ts'
import { pages } from '../routes.ts'

const [store, spotlight] = createSpotlight()

export { spotlight }

export default function Palette() {
  const [, go] = useLocation()
  const servers = useLive(({ servers }) => servers)
  const profiles = useProfiles()
  const actions: SpotlightActionGroupData[] = [
    {
      group: 'Pages',
      actions: pages.map(({ path, name, about }) => ({
        id: path,
        label: name,
        description: about,
        onClick: () => go(path),
      })),
    },
    {
      group: 'Models',
      actions: profiles.map(({ name }) => ({
        id: `talk ${name}`,
        label: `Talk to ${name}`,
        onClick: () => go(talkTo(name)),
      })),
    },
    {
      group: 'Actions',
      actions: profiles.flatMap(({ name }) =>
        serverActions(servers.get(name), name).map(({ label, run }) => ({
          id: `${label} ${name}`,
          label: `${label} ${name}`,
          onClick: () => void say.failure(run()),
        })),
      ),
    },
  ]
  return (
    <Spotlight
      store={store}
      actions={actions}
      shortcut={null}
      limit={12}
      nothingFound="Nothing is called that here."
      searchProps={{
        placeholder: 'Go to a page, a model, an action',
        'aria-label': 'Go to a page, a model, an action',
      }}
      highlightQuery
      scrollable
      maxHeight={420}
    />
  )
}
