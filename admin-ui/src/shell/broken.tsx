/** A page that failed says so in its place; the others go on. */
import { Button, Code, Text } from '@mantine/core'
import { Component } from 'react'
import type { ReactNode } from 'react'
import { messageOf } from '../api.ts'
import { Empty } from '../parts/empty.tsx'

interface Props {
  readonly children: ReactNode
}

export class Broken extends Component<Props, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: undefined }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <Empty
        title="This page could not be drawn"
        next={
          <Button variant="filled" onClick={() => location.reload()}>
            Load it again
          </Button>
        }
      >
        <Text size="sm">After an update of the gateway this is normal, once. Otherwise it is a fault of the page:</Text>
        <Code block>{messageOf(error)}</Code>
      </Empty>
    )
  }
}
