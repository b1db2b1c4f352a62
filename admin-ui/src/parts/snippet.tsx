/** A text to copy, under the name of the place where it goes. */
import { Text } from '@mantine/core'
import { Copy } from './copy.tsx'
import styles from './snippet.module.css'

export function Snippet({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <figure className={styles['snippet']}>
      <figcaption>
        <Text size="sm" c="dimmed">
          {title}
        </Text>
        <Copy text={text} of={title} />
      </figcaption>
      <pre tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </figure>
  )
}
