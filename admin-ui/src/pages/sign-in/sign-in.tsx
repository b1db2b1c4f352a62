/** Who is here shows that the gateway is theirs: with the admin token, or by the one-time link that `serve` prints. */
import { Button, Code, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { SubmitEvent } from 'react'
import { useLocation } from 'wouter'
import { messageOf } from '../../api.ts'
import { signIn } from '../../session.ts'
import styles from './sign-in.module.css'

export function SignIn() {
  const [token, setToken] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const [path, go] = useLocation()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])

  const enter = async (proof: Parameters<typeof signIn>[0]) => {
    setBusy(true)
    try {
      await signIn(proof)
      if (path === '/sign-in') go('/', { replace: true })
    } catch (error) {
      setProblem(messageOf(error))
    }
    setBusy(false)
  }
  useEffect(() => {
    const code = location.hash.slice(1)
    if (path !== '/sign-in' || code === '') return
    history.replaceState(null, '', location.pathname)
    void enter({ code })
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- a link's code is used once, when the page opens
  }, [])

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    void enter({ token: token.trim() })
  }
  return (
    <main className={styles['page']}>
      <Paper p="xl" w="100%" maw={440}>
        <form onSubmit={submit}>
          <Stack gap="md">
            <Title order={1}>mlx-gateway</Title>
            <PasswordInput
              ref={field}
              label="Admin token"
              description="It is in the file admin-token of the gateway’s data directory."
              value={token}
              onChange={({ currentTarget }) => setToken(currentTarget.value)}
              error={problem}
              autoComplete="current-password"
              required
            />
            <Button type="submit" size="sm" variant="filled" loading={busy}>
              Sign in
            </Button>
            <Text size="sm" c="dimmed">
              Or run <Code>mlx-gateway admin</Code> on the gateway’s machine, in the folder of its source{' '}
              <Code>npm run mlx-gateway -- admin</Code>: it prints a link that signs you in once.
            </Text>
          </Stack>
        </form>
      </Paper>
    </main>
  )
}
