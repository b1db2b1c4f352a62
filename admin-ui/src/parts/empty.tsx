/** Nothing here yet: what will be, and the one next step. */
import { Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  readonly title: string
  readonly children: ReactNode
  readonly next?: ReactNode
}

export function Empty({ title, children, next }: Props) {
  return (
    <Paper p="xl">
      <Stack gap="xs" align="flex-start" maw={560}>
        <Title order={2} fz={15}>
          {title}
        </Title>
        <Text component="div" c="dimmed">
          {children}
        </Text>
        {next}
      </Stack>
    </Paper>
  )
}
