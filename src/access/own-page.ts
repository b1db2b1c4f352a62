/** Whether a request comes from a page of the gateway's own, by what only a browser can say of it. */

/** `host`: the Host it names, found to be ours. Another port of this machine is another origin. */
export function isOwnOrigin(origin: string, host: string): boolean {
  return origin === `http://${host}` || origin === `https://${host}`
}

/** `Sec-Fetch-Site`; absent: no browser, or an address without https that is not this machine's, where browsers leave it out. `none`: the
 *  address was typed. Another port of this machine is `same-site`, and foreign. */
export function isOwnSite(fetchSite: string | undefined): boolean {
  return fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none'
}
