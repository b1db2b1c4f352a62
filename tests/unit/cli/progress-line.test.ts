import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { progressLine } from '../../../src/cli/progress-line.ts'
import type { World } from '../../../src/cli/world.ts'

const CLEARED = '\r\u001B[2K'

function lineOn(stream: { readonly isTTY: boolean; readonly columns?: number }) {
  const err = Object.assign(new PassThrough(), stream)
  const line = progressLine({ err } as unknown as World)
  return { line, said: () => String(err.read() ?? '') }
}

describe('progress', () => {
  it('is one line of a terminal, no longer than that, and gone at the end', () => {
    const { line, said } = lineOn({ isTTY: true, columns: 50 })
    {
      using shown = line
      shown.show('waits for its turn', undefined)
      expect(said()).toBe(`${CLEARED}waits for its turn`)
      shown.show('of a model with a very long name', 0.251)
      expect(said()).toBe(`${CLEARED} 25 % ██████░░░░░░░░░░░░░░░░░░ of a model with a `)
    }
    expect(said()).toBe(CLEARED)
  })

  it('is elsewhere a line for each tenth, and for each other message', () => {
    const { line, said } = lineOn({ isTTY: false })
    for (const share of [0.01, 0.09, 0.11, 0.12, 0.2]) line.show('comes', share)
    for (const message of ['waits', 'waits', 'waits for the hub']) line.show(message, undefined)
    line[Symbol.dispose]()
    expect(said()).toBe('  1 % comes\n 11 % comes\n 20 % comes\nwaits\nwaits for the hub\n')
  })

  it('is cut for a terminal alone, and says what it is about where that is not clear', () => {
    const err = Object.assign(new PassThrough(), { isTTY: false })
    const line = progressLine({ err } as unknown as World, 'owner/name')
    line.show(`cannot be reached ${'.'.repeat(200)}`, undefined)
    expect(String(err.read())).toBe(`owner/name: cannot be reached ${'.'.repeat(200)}\n`)
  })

  it('commands no terminal: what it tells of was named by others', () => {
    const { line, said } = lineOn({ isTTY: true })
    line.show('no folder \u001B[2J\u009B2J', undefined)
    expect(said()).toBe(`${CLEARED}no folder \uFFFD[2J\uFFFD2J`)
  })
})
