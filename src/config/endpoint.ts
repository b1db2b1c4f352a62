/** The address of a hub, as people write it. Pure. */

/** Without a slash at its end; undefined for what is none. No user and password: they would stand in logs and errors. */
export function readEndpoint(written: string): string | undefined {
  const url = URL.canParse(written) ? new URL(written) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '') return undefined
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}
