import { describe, expect, it } from 'vitest'
import { holdsAllListeners, parseLsof, parseProcNetTcp } from '../../../src/host/listeners.ts'
import { findListeners } from '../../../src/host/ports.ts'

const row = (local: string, state: string, inode: number) =>
  `   1: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0`

describe('/proc/net/tcp', () => {
  const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'

  it('gives the sockets that listen where 127.0.0.1 leads, and no others', () => {
    const table = [
      header,
      row('0100007F:B32F', '0A', 11),
      row('00000000:B32F', '0A', 12),
      row('00000000000000000000000000000000:B32F', '0A', 13),
      row('0000000000000000FFFF00000100007F:B32F', '0A', 14),
      row('0100007F:B32F', '01', 21),
      row('0100007F:B330', '0A', 22),
      row('0200007F:B32F', '0A', 23),
      row('00000000000000000000000001000000:B32F', '0A', 24),
      '',
    ]
    expect(parseProcNetTcp(table.join('\n'), 45_871)).toEqual(['11', '12', '13', '14'])
  })

  it('need not be read beyond those that listen, which come first', () => {
    const listening = `${header}\n${row('0100007F:B32F', '0A', 11)}\n`
    expect(holdsAllListeners(header)).toBe(false)
    expect(holdsAllListeners(listening)).toBe(false)
    expect(holdsAllListeners(`${listening}${row('0100007F:B32F', '01', 12)}\n`)).toBe(true)
    expect(holdsAllListeners(`${listening}${row('00000000000000000000000001000000:B32F', '06', 12)}\n`)).toBe(true)
  })

  it('pads small ports', () => {
    expect(parseProcNetTcp(row('0100007F:0050', '0A', 7), 80)).toEqual(['7'])
  })

  it('says that it cannot tell when somebody listens whom we may not see', async () => {
    const files: Record<string, string> = { '/proc/net/tcp': row('0100007F:0050', '0A', 999_999_999_999) }
    const probes = {
      platform: 'linux',
      readText: async (path: string) => files[path],
      run: async () => undefined,
    } as const
    expect(await findListeners(80, probes)).toBeUndefined()
    expect(await findListeners(81, probes)).toEqual([])
    expect(await findListeners(80, { ...probes, readText: async () => undefined })).toBeUndefined()
  })
})

describe('lsof', () => {
  it('gives each pid once, and none that listens elsewhere', () => {
    const fields = [
      'p15151',
      'f4',
      'n127.0.0.1:8080',
      'f5',
      'n*:8080',
      'p16',
      'f3',
      'n[::1]:8080',
      'p17',
      'f3',
      'n*:8080',
    ]
    expect(parseLsof(`${fields.join('\n')}\n`)).toEqual([15_151, 17])
  })

  it('is asked on macOS, and nothing listed means nobody', async () => {
    const asked: string[] = []
    const run = async (file: string, args: readonly string[]) => {
      asked.push([file, ...args].join(' '))
      return ''
    }
    const mac = { platform: 'darwin', readText: async () => undefined, run } as const
    expect(await findListeners(8080, mac)).toEqual([])
    expect(asked).toEqual(['lsof -nP -iTCP:8080 -sTCP:LISTEN -Fpn'])
    expect(await findListeners(8080, { ...mac, run: async () => undefined })).toBeUndefined()
  })
})
