/** Addresses within the page that carry a name. Pure. */

/** Talk to this model. */
export function talkTo(name: string): string {
  return addressOf('/playground', { model: name })
}

/** What its server prints. */
export function logsOf(profile: string): string {
  return addressOf('/logs', { of: profile })
}

/** A new profile of this model. */
export function profileOf(model: string): string {
  return addressOf('/profiles', { new: '1', model })
}

/** Its form. */
export function editOf(profile: string): string {
  return addressOf('/profiles', { edit: profile })
}

export function addressOf(page: string, said: Readonly<Record<string, string>>): string {
  return `${page}?${new URLSearchParams(said).toString()}`
}
