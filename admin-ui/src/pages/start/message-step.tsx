/** The first message. */
import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useEffect, useState } from 'react'
import { AnswerView } from '../playground/answer-view.tsx'
import { usual } from '../playground/chat-request.ts'
import { useChat } from '../playground/use-chat.ts'

interface Props {
  readonly model: string | null
  /** It has answered before. */
  readonly answered: boolean
  readonly tellAnswered: () => void
  readonly done: () => void
  readonly choose: () => void
}

export function MessageStep({ model, answered, tellAnswered, done, choose }: Props) {
  const chat = useChat()
  const [question, setQuestion] = useState('What is the capital of France?')
  const answer = chat.turns.at(-1)?.answer
  const isAnswered = answer?.state === 'done'
  useEffect(() => {
    if (isAnswered && !answered) tellAnswered()
  }, [isAnswered, answered, tellAnswered])
  if (model === null) {
    return (
      <Stack align="flex-start">
        <Text>Choose a model first.</Text>
        <Button onClick={choose}>Choose a model</Button>
      </Stack>
    )
  }
  return (
    <Stack maw={720}>
      <Textarea
        label={`Ask ${model}`}
        autosize
        minRows={2}
        value={question}
        onChange={({ currentTarget }) => setQuestion(currentTarget.value)}
      />
      <Group gap="xs">
        {chat.busy ? (
          <Button onClick={chat.stop}>Stop</Button>
        ) : (
          <Button
            variant={answered ? 'default' : 'filled'}
            disabled={question.trim() === ''}
            onClick={() => void chat.send(model, usual, { question: question.trim(), images: [] })}
          >
            Ask
          </Button>
        )}
        {answered && (
          <Button variant="filled" onClick={done}>
            Next: your client
          </Button>
        )}
      </Group>
      {answer === undefined ? (
        <Text size="sm" c="dimmed">
          The model is loaded when it is first asked; that takes a moment.
        </Text>
      ) : (
        <AnswerView answer={answer} model={model} />
      )}
    </Stack>
  )
}
