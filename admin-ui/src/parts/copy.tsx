/** Copies a text, and says that it did. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { copyText } from './copy-text.ts'
import { say } from './say.ts'

/** `of`: what the text is, for a screen reader. */
export function Copy({
  text,
  label = 'Copy',
  of = '',
}: {
  readonly text: string
  readonly label?: string
  readonly of?: string
}) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    const done = await say.failure(copyText(text))
    setCopied(done)
    if (done) setTimeout(setCopied, 2_000, false)
  }
  return (
    <Button onClick={() => void copy()} aria-label={`${label} ${of}`.trim()}>
      <span aria-live="polite">{copied ? 'Copied' : label}</span>
    </Button>
  )
}
