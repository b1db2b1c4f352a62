/** Puts a text on the clipboard. */

/** Over plain http from another machine browsers close the clipboard to pages; the old command still works there.
 *  Throws Error where neither does. */
export async function copyText(text: string): Promise<void> {
  if (isSecureContext) {
    await navigator.clipboard.writeText(text)
    return
  }
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  document.body.append(field)
  field.select()
  const done = document.execCommand('copy')
  field.remove()
  if (!done) throw new Error('The browser does not let this page copy; select the text and copy it by hand.')
}
