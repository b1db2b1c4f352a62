/** Short words about what was done or went wrong, at the edge of the page. */
import { notifications } from '@mantine/notifications'
import { createElement } from 'react'
import { messageOf } from '../api.ts'
import { Undo } from './undo.tsx'

export const say = {
  /** Something was done; `undo` takes it back. */
  done(message: string, undo?: () => Promise<unknown>): void {
    if (undo === undefined) notifications.show({ message, autoClose: 4_000 })
    else offer(message, undo)
  },
  problem(error: unknown): void {
    notifications.show({ message: messageOf(error), color: 'var(--bad)', autoClose: 12_000, role: 'alert' })
  },
  /** Says what went wrong with it, if anything did; true where nothing did. */
  async failure(work: Promise<unknown>): Promise<boolean> {
    try {
      await work
      return true
    } catch (error) {
      say.problem(error)
      return false
    }
  },
}

function offer(message: string, undo: () => Promise<unknown>): void {
  const back = async (): Promise<void> => {
    await say.failure(undo())
    notifications.hide(id)
  }
  const id = notifications.show({ message: createElement(Undo, { message, undo: back }), autoClose: 12_000 })
}
