import { describe, expect, test } from 'vitest'
import { LogFile } from '../../../src/supervisor/log-file.ts'
import { LogTail } from '../../../src/supervisor/log-tail.ts'
import { pausing } from '../../../src/supervisor/pausing.ts'

const hours = 3_600_000
const tailOf = () => new LogTail(new LogFile({ path: '/dev/null/none', size: 1, now: () => 0, trouble() {} }))

describe('a pause between two looks at a server', () => {
  test('ends when the server writes a line', async () => {
    const tail = tailOf()
    const pause = pausing(tail, new AbortController().signal)
    const paused = pause(hours, tail.mark)
    tail.write(Buffer.from('listening\n'))
    await expect(paused).resolves.toBe(undefined)
  })

  test('is none where it wrote one during the last look', async () => {
    const tail = tailOf()
    const pause = pausing(tail, new AbortController().signal)
    const { mark } = tail
    tail.write(Buffer.from('listening\n'))
    await expect(pause(hours, mark)).resolves.toBe(undefined)
  })

  test('ends by itself where it is silent', async () => {
    const tail = tailOf()
    await expect(pausing(tail, new AbortController().signal)(1, tail.mark)).resolves.toBe(undefined)
  })

  test('ends with the signal’s reason', async () => {
    const tail = tailOf()
    const start = new AbortController()
    const paused = pausing(tail, start.signal)(hours, tail.mark)
    start.abort(new Error('stopped'))
    await expect(paused).rejects.toMatchObject({ cause: new Error('stopped') })
  })
})
