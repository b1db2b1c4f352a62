/** One model's side of the conversation. */
import { Button, Menu, Paper, Select, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { isAtEnd } from '../../parts/at-end.ts'
import { copyText } from '../../parts/copy-text.ts'
import { say } from '../../parts/say.ts'
import { AnswerView } from './answer-view.tsx'
import { codeOf, languages, requestOf } from './chat-request.ts'
import type { Language, Parameters } from './chat-request.ts'
import styles from './playground.module.css'
import type { Chat } from './use-chat.ts'

interface Props {
  readonly names: readonly string[]
  readonly model: string
  readonly choose: (name: string) => void
  readonly chat: Chat
  readonly parameters: Parameters
}

export function Column({ names, model, choose, chat: { turns, busy }, parameters }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  useEffect(() => {
    atEnd.current = true
  }, [turns.length])
  useEffect(() => {
    if (atEnd.current) place.current?.scrollTo({ top: place.current.scrollHeight })
  }, [turns])
  const copy = async (language: Language) => {
    const asked = turns.at(-1) ?? { question: 'Hello!', images: [] }
    const request = requestOf(model, parameters, turns.slice(0, -1), asked)
    if (await say.failure(copyText(codeOf(language, request, location.origin)))) say.done(`Copied as ${language}.`)
  }
  return (
    <Paper component="section" aria-label={`Conversation with ${model}`} className={styles['column']}>
      <div className={styles['head']}>
        <Select
          aria-label="Model"
          data={[...names]}
          value={model}
          onChange={(name) => name !== null && choose(name)}
          allowDeselect={false}
          searchable
          disabled={busy}
          flex={1}
        />
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button>Copy as…</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {languages.map((language) => (
              <Menu.Item key={language} onClick={() => void copy(language)}>
                {language}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      <div
        ref={place}
        className={styles['turns']}
        onScroll={({ currentTarget }) => {
          atEnd.current = isAtEnd(currentTarget)
        }}
        role="log"
        aria-live="off"
        tabIndex={0}
        aria-label={`What was said with ${model}`}
      >
        {turns.length === 0 && (
          <Text c="dimmed">Ask {model} anything. It is loaded when it is first asked; nothing said here is kept.</Text>
        )}
        {turns.map(({ question, images, answer }, index) => (
          // turns are only ever added
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} className={styles['turn']}>
            <div className={styles['question']}>
              {question}
              {images.map((url) => (
                <img key={url.slice(-64)} src={url} alt="Sent with the question" />
              ))}
            </div>
            <AnswerView answer={answer} model={model} />
          </div>
        ))}
      </div>
    </Paper>
  )
}
