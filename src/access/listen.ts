/** Which addresses may be listened on. */
import { BlockList, isIP } from 'node:net'
import { GatewayError } from '../errors.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether only this machine can reach a server that listens on this address. A name other than localhost may lead anywhere. */
export function isLoopback(host: string): boolean {
  const address = host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  if (address === 'localhost') return true
  const family = isIP(address)
  return family !== 0 && loopback.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/** Throws GatewayError `invalid_config` where others could reach a gateway for which no key exists. */
export function mayListen(host: string, keysExist: boolean): void {
  if (isLoopback(host) || keysExist) return
  throw new GatewayError(
    'invalid_config',
    `Others could reach the gateway on ${host || 'every address'}, and there is no key yet. Make one first (mlx-gateway keys create), ` +
      'or set server.host to 127.0.0.1.',
    { param: 'server.host' },
  )
}
