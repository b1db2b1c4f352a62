/** What to put where, for each client. Pure; the endpoints each needs and the places of its settings are those of its own documentation. */

export interface Connection {
  /** `http://127.0.0.1:8090`, without `/v1`. */
  readonly origin: string
  readonly key: string
  readonly model: string
  /** Tokens that the model's contexts may have, where that is known. */
  readonly context?: number | undefined
}

export interface Client {
  readonly name: string
  /** The wire it speaks. */
  readonly wire: Wire
  readonly steps: (connection: Connection) => readonly Step[]
}

export interface Step {
  /** Where the text goes. */
  readonly where: string
  readonly text: string
}

export type Wire = 'chat' | 'responses' | 'messages'

/** Each wire's path in the API. */
export const paths: Readonly<Record<Wire, string>> = {
  chat: '/v1/chat/completions',
  responses: '/v1/responses',
  messages: '/v1/messages',
}

/** What this version of the gateway serves; a test holds it against the API's description. */
export const served: ReadonlySet<Wire> = new Set<Wire>(['chat'])

/** Zed must be told some size: a chat cut early is better than one that the model cannot hold. */
const cautiousContext = 8192

const json = (value: unknown) => JSON.stringify(value, null, 2)

export const clients: readonly Client[] = [
  {
    name: 'OpenAI SDK, Python',
    wire: 'chat',
    steps: ({ origin, key, model }) => [
      { where: 'Terminal', text: 'pip install openai' },
      {
        where: 'Python',
        text: `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key="${key}")
stream = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello!"}],
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="")`,
      },
    ],
  },
  {
    name: 'OpenAI SDK, JavaScript',
    wire: 'chat',
    steps: ({ origin, key, model }) => [
      { where: 'Terminal', text: 'npm install openai' },
      {
        where: 'JavaScript',
        text: `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: '${origin}/v1', apiKey: '${key}' })
const stream = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello!' }],
  stream: true,
})
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '')`,
      },
    ],
  },
  {
    name: 'curl',
    wire: 'chat',
    steps: ({ origin, key, model }) => [
      {
        where: 'Terminal',
        text: `curl ${origin}/v1/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello!' }] })}'`,
      },
    ],
  },
  {
    name: 'Anthropic SDK',
    wire: 'messages',
    steps: ({ origin, key, model }) => [
      {
        where: 'Python',
        text: `from anthropic import Anthropic

client = Anthropic(base_url="${origin}", api_key="${key}")
message = client.messages.create(
    model="${model}",
    max_tokens=1024,
    messages=[{"role": "user", "content": "Hello!"}],
)
print(message.content[0].text)`,
      },
    ],
  },
  {
    name: 'Codex',
    wire: 'responses',
    steps: ({ origin, key, model }) => [
      {
        where: '~/.codex/config.toml',
        text: `model = "${model}"
model_provider = "mlx-gateway"

[model_providers.mlx-gateway]
name = "mlx-gateway"
base_url = "${origin}/v1"
env_key = "MLX_GATEWAY_KEY"
wire_api = "responses"`,
      },
      { where: 'Terminal', text: `export MLX_GATEWAY_KEY=${key}\ncodex` },
    ],
  },
  {
    name: 'Claude Code',
    wire: 'messages',
    steps: ({ origin, key, model }) => [
      {
        where: 'Terminal',
        text: `export ANTHROPIC_BASE_URL=${origin}
export ANTHROPIC_AUTH_TOKEN=${key}
export ANTHROPIC_DEFAULT_HAIKU_MODEL=${model}
export CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1
claude --model ${model}`,
      },
    ],
  },
  {
    name: 'opencode',
    wire: 'chat',
    steps: ({ origin, key, model }) => [
      {
        where: 'opencode.json',
        text: json({
          $schema: 'https://opencode.ai/config.json',
          provider: {
            'mlx-gateway': {
              npm: '@ai-sdk/openai-compatible',
              name: 'mlx-gateway',
              options: { baseURL: `${origin}/v1`, apiKey: key },
              models: { [model]: { name: model } },
            },
          },
          model: `mlx-gateway/${model}`,
        }),
      },
    ],
  },
  {
    name: 'Cline',
    wire: 'chat',
    steps: ({ origin, key, model }) => [
      { where: 'API Provider', text: 'OpenAI Compatible' },
      { where: 'Base URL', text: `${origin}/v1` },
      { where: 'API Key', text: key },
      { where: 'Model ID', text: model },
    ],
  },
  {
    name: 'Continue',
    wire: 'chat',
    steps: ({ origin, key, model }) => [
      {
        where: '~/.continue/config.yaml',
        text: `name: mlx-gateway
version: 1.0.0
schema: v1
models:
  - name: ${model}
    provider: openai
    model: ${model}
    apiBase: ${origin}/v1
    apiKey: ${key}
    roles: [chat, edit, apply]`,
      },
    ],
  },
  {
    name: 'Open WebUI',
    wire: 'chat',
    steps: ({ origin, key }) => [
      {
        where: 'Terminal, before Open WebUI is started',
        text: `export OPENAI_API_BASE_URL=${origin}/v1\nexport OPENAI_API_KEY=${key}\nopen-webui serve`,
      },
    ],
  },
  {
    name: 'Zed',
    wire: 'chat',
    steps: ({ origin, key, model, context = cautiousContext }) => [
      {
        where: 'settings.json',
        text: json({
          language_models: {
            openai_compatible: {
              'mlx-gateway': {
                api_url: `${origin}/v1`,
                available_models: [{ name: model, display_name: model, max_tokens: context }],
              },
            },
          },
        }),
      },
      { where: 'Terminal, before Zed is started', text: `export MLX_GATEWAY_API_KEY=${key}` },
    ],
  },
]

/** What works today stands first. */
export const clientsInOrder: readonly Client[] = clients.toSorted(
  (one, other) => Number(served.has(other.wire)) - Number(served.has(one.wire)),
)
