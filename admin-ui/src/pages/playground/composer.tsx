/** Where a question is written. */
import { ActionIcon, Button, FileButton, Group, Paper, Textarea } from '@mantine/core'
import { useState } from 'react'
import { say } from '../../parts/say.ts'
import { useSight } from './use-sight.ts'
import type { Asked } from './chat-request.ts'
import styles from './playground.module.css'

interface Props {
  readonly models: readonly string[]
  readonly busy: boolean
  readonly send: (asked: Asked) => void
  readonly stop: () => void
}

export function Composer({ models, busy, send, stop }: Props) {
  const [question, setQuestion] = useState('')
  const [images, setImages] = useState<readonly string[]>([])
  const sees = useSight(models)
  const ask = () => {
    if (question.trim() === '' || busy) return
    send({ question: question.trim(), images: sees ? images : [] })
    setQuestion('')
    setImages([])
  }
  const add = (files: readonly File[]) =>
    void say.failure(Promise.all(files.map(dataUrl)).then((urls) => setImages([...images, ...urls])))
  return (
    <Paper className={styles['composer']}>
      <Textarea
        aria-label="Your question"
        placeholder="Ask something. Enter sends, Shift Enter begins a new line."
        autosize
        minRows={2}
        maxRows={10}
        value={question}
        onChange={({ currentTarget }) => setQuestion(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          ask()
        }}
      />
      <Group mt="xs" justify="flex-end">
        {images.map((url, index) => (
          <ActionIcon
            key={url.slice(-64)}
            variant="default"
            size={42}
            aria-label={`Remove image ${index + 1}`}
            onClick={() => setImages(images.filter((one) => one !== url))}
          >
            <img src={url} alt="" className={styles['thumb']} />
          </ActionIcon>
        ))}
        {sees && (
          <FileButton accept="image/*" multiple onChange={add}>
            {(props) => <Button {...props}>Add an image</Button>}
          </FileButton>
        )}
        {busy ? (
          <Button onClick={stop}>Stop</Button>
        ) : (
          <Button variant="filled" onClick={ask} disabled={question.trim() === ''}>
            Send
          </Button>
        )}
      </Group>
    </Paper>
  )
}

function dataUrl(file: File): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const reader = new FileReader()
  reader.addEventListener('load', () => resolve(String(reader.result)))
  reader.addEventListener('error', () => reject(reader.error ?? new Error(`${file.name} could not be read.`)))
  reader.readAsDataURL(file)
  return promise
}
