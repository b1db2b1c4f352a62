/** A configuration whose files are in memory. */
import type { ConfigSources, Flags } from '../../../src/config/config.ts'

export const pageFile = '/home/u/.mlx-gateway/settings.yaml'

export interface Given {
  readonly file?: string
  readonly page?: string
  readonly flags?: Flags
  readonly environment?: Record<string, string>
}

export function readingFrom({ file, page, flags = {}, environment = {} }: Given): ConfigSources {
  const readFile = (path: string) => (path === pageFile ? page : path.endsWith('.yaml') ? file : undefined)
  return { flags, environment, homeDirectory: '/home/u', workingDirectory: '/here', readFile }
}
