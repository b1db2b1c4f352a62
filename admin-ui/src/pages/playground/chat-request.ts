/** What is sent for a question, and the same as code to copy. Pure. */
import type { Turn } from './conversation.ts'

export interface Parameters {
  readonly system: string
  readonly temperature: number | ''
  readonly topP: number | ''
  readonly maxTokens: number | ''
}

export const usual: Parameters = { system: '', temperature: '', topP: '', maxTokens: '' }

export type Asked = Pick<Turn, 'question' | 'images'>

/** A parameter that was left empty is left to the profile. */
export function requestOf(model: string, parameters: Parameters, turns: readonly Turn[], asked: Asked) {
  const { system, temperature, topP, maxTokens } = parameters
  const before = turns.flatMap(({ answer, ...turn }) =>
    answer.text === '' ? [] : [questionOf(turn), { role: 'assistant', content: answer.text }],
  )
  return {
    model,
    messages: [...(system.trim() === '' ? [] : [{ role: 'system', content: system }]), ...before, questionOf(asked)],
    ...(temperature === '' ? {} : { temperature }),
    ...(topP === '' ? {} : { top_p: topP }),
    ...(maxTokens === '' ? {} : { max_tokens: maxTokens }),
  }
}

function questionOf({ question, images }: Asked) {
  if (images.length === 0) return { role: 'user', content: question }
  const shown = images.map((url) => ({ type: 'image_url', image_url: { url } }))
  return { role: 'user', content: [{ type: 'text', text: question }, ...shown] }
}

type Request = ReturnType<typeof requestOf>

export const languages = ['curl', 'Python', 'JavaScript'] as const
export type Language = (typeof languages)[number]

/** `YOUR_KEY` stands for a key: what this page signs in with opens nothing elsewhere. */
export function codeOf(language: Language, request: Request, origin: string): string {
  const body = JSON.stringify(request, null, 2)
  switch (language) {
    case 'curl':
      return `curl ${origin}/v1/chat/completions \\
  -H "Authorization: Bearer YOUR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${body.replaceAll("'", String.raw`'\''`)}'`
    case 'Python':
      return `import json
from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key="YOUR_KEY")
request = json.loads(${JSON.stringify(JSON.stringify(request))})
for chunk in client.chat.completions.create(**request, stream=True):
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)`
    case 'JavaScript':
      return `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: '${origin}/v1', apiKey: 'YOUR_KEY' })
const request = ${body}
const stream = await client.chat.completions.create({ ...request, stream: true })
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '')`
  }
}
