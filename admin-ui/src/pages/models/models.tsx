/** Models: what is on this machine and what the hub has, found by one search; and what is on its way. */
import { PageHead } from '../../parts/page-head.tsx'
import { Downloads } from './downloads.tsx'
import { HubHits } from './hub-hits.tsx'
import { Library } from './library.tsx'
import { SearchBar } from './search-bar.tsx'
import { useWish } from './use-wish.ts'

export default function Models() {
  const { wish, settled, change } = useWish()
  return (
    <>
      <PageHead title="Models" />
      <SearchBar wish={wish} change={change} />
      <Downloads />
      <Library wish={wish} change={change} />
      <HubHits wish={settled} change={change} />
    </>
  )
}
