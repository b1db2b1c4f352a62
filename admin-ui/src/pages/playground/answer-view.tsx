/** An answer: its thoughts folded, its text, the tools it wants called, and how fast it came. */
import { Alert, Code, Loader, Text } from '@mantine/core'
import { memo } from 'react'
import Markdown from 'react-markdown'
import type { Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { useLive } from '../../live.ts'
import { duration, rate, some } from '../../parts/format.ts'
import { tokensPerSecond } from './conversation.ts'
import type { Answer } from './conversation.ts'
import styles from './playground.module.css'
import { waitingWords } from './waiting-words.ts'

export function AnswerView({ answer, model }: { readonly answer: Answer; readonly model: string }) {
  const { text, reasoning, toolCalls, state, problem } = answer
  return (
    <div className={styles['answer']} aria-busy={state === 'waiting' || state === 'streaming'}>
      {state === 'waiting' && <WaitingFor model={model} />}
      {reasoning !== '' && (
        <details className={styles['thoughts']}>
          <summary>{text === '' && state === 'streaming' ? 'Thinking…' : 'What it thought'}</summary>
          <div>{reasoning}</div>
        </details>
      )}
      <Said text={text} />
      {toolCalls.map(({ name, arguments: given }, index) => (
        // calls are only ever added
        // oxlint-disable-next-line react/no-array-index-key
        <figure key={index} className={styles['call']}>
          <figcaption>
            wants to call <b>{name}</b>
          </figcaption>
          <Code block>{given}</Code>
        </figure>
      ))}
      {problem !== undefined && (
        <Alert color="var(--bad)" variant="light" role="alert">
          {problem}
        </Alert>
      )}
      <Figures answer={answer} />
    </div>
  )
}

const plugins = [remarkGfm]
const elements: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  ),
}

/** Links open apart; images of the model's choosing are not fetched. */
const Said = memo(function Said({ text }: { readonly text: string }) {
  if (text === '') return null
  return (
    <div className={styles['said']}>
      <Markdown remarkPlugins={plugins} disallowedElements={['img']} components={elements}>
        {text}
      </Markdown>
    </div>
  )
})

function WaitingFor({ model }: { readonly model: string }) {
  const server = useLive(({ servers }) => servers.get(model))
  const { what, howFar } = waitingWords(server)
  return (
    <Text c="dimmed" className={styles['waiting']}>
      <Loader size={14} />
      <span>
        <span role="status">{what}</span>
        {howFar}
      </span>
    </Text>
  )
}

function Figures({ answer }: { readonly answer: Answer }) {
  const { state, firstTokenMs, tokens, promptTokens, finish } = answer
  if (firstTokenMs === undefined) return null
  const speed = tokensPerSecond(answer)
  const figures = [
    `first token after ${duration(firstTokenMs)}`,
    speed === undefined ? undefined : `${rate(speed)} tokens/s`,
    tokens === undefined ? undefined : some(tokens, 'token'),
    promptTokens === undefined ? undefined : `prompt of ${some(promptTokens, 'token')}`,
    state === 'stopped' ? 'stopped' : undefined,
    finish === 'length' ? 'cut at the limit of tokens' : undefined,
  ]
  return (
    <Text size="sm" c="dimmed">
      {figures.filter(Boolean).join(' · ')}
    </Text>
  )
}
