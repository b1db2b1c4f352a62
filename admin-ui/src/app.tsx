/** Who is signed in sees the page; who is not, the sign-in. */
import { useEffect } from 'react'
import { Route, Switch } from 'wouter'
import { follow } from './live.ts'
import { SignIn } from './pages/sign-in/sign-in.tsx'
import { useSession } from './session.ts'
import { Shell } from './shell/shell.tsx'

export function App() {
  const here = useSession()
  if (here === undefined) return null
  return (
    <Switch>
      <Route path="/sign-in" component={SignIn} />
      <Route>{here === 'nobody' ? <SignIn /> : <Signed />}</Route>
    </Switch>
  )
}

function Signed() {
  useEffect(follow, [])
  return <Shell />
}
