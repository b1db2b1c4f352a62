import { describe, expect, test } from 'vitest'
import { adopt } from '../../../src/engines/adopt.ts'

const of = (command: string) => adopt(command.split(' '))
const settings = (command: string) => {
  const adopted = of(command)
  return 'settings' in adopted ? adopted.settings : adopted.reason
}
const reason = (command: string) => {
  const adopted = of(command)
  return 'reason' in adopted ? adopted.reason : undefined
}

describe('a command of mlx_lm.server', () => {
  const small = { engine: 'mlx-lm', model: 'o/m', defaults: {}, arguments: [], environment: {} }

  test.each([
    'mlx_lm.server --model o/m --host 0.0.0.0 --port ${port}',
    '/opt/venv/bin/mlx_lm.server --port=8080 --model=o/m',
    'mlx_lm server --model o/m',
    'python3 -m mlx_lm.server --model o/m',
    '/usr/bin/python3.12 -u -m mlx_lm server --model o/m',
    'uvx mlx_lm.server@latest --model o/m',
    'uvx --from mlx-lm mlx_lm.server --model o/m',
    'uv run --with mlx-lm python -m mlx_lm.server --model o/m',
    'caffeinate -i mlx_lm.server --model o/m',
  ])('is known however it is launched: %s', (command) => {
    expect(settings(command)).toEqual(small)
  })

  test('has its flags as settings, where there are such, and the rest as arguments', () => {
    const flags =
      '--adapter-path /lora --draft-model /draft --decode-concurrency 4 --temp 0.7 --top-p=0.9 --top-k 20 --min-p .05 ' +
      '--max-tokens 2048 --prompt-cache-size 2 --pipeline --chat-template-args {"a":1} --kv-bits=4'
    expect(settings(`mlx_lm.server --model o/m ${flags}`)).toEqual({
      ...small,
      adapter: '/lora',
      draftModel: '/draft',
      concurrency: 4,
      defaults: { temperature: 0.7, top_p: 0.9, top_k: 20, min_p: 0.05, max_tokens: 2048 },
      arguments: ['--prompt-cache-size', '2', '--pipeline', '--chat-template-args', '{"a":1}', '--kv-bits', '4'],
    })
  })

  test('keeps as a flag what is no number where one belongs', () => {
    expect(settings('mlx_lm.server --model o/m --temp hot --decode-concurrency many')).toMatchObject({
      defaults: {},
      arguments: ['--temp', 'hot', '--decode-concurrency', 'many'],
    })
  })

  test('says what is different from it', () => {
    expect(of('/opt/bin/mlx_lm.server --model o/m --trust-remote-code --allowed-origins *')).toMatchObject({
      settings: small,
      notes: [
        expect.stringContaining('not /opt/bin/mlx_lm.server'),
        expect.stringContaining('server.allowedOrigins'),
        expect.stringContaining('models.allowRemoteCode'),
      ],
    })
    expect(of('mlx_lm.server --model o/m')).toMatchObject({ notes: [] })
  })

  test('has what env sets in front of it as its environment', () => {
    expect(settings('env A=1 B=x=y mlx_lm.server --model o/m')).toEqual({ ...small, environment: { A: '1', B: 'x=y' } })
  })

  test('is refused without a model', () => {
    expect(reason('mlx_lm.server --port ${port}')).toContain('names no model')
  })
})

describe('a command of another MLX server', () => {
  const own = ['--host', '127.0.0.1', '--port', '${port}']

  test('stays, with model, host and port to be filled in', () => {
    expect(settings('uvx mlx_vlm.server --host 0.0.0.0 --port 8080 --model o/m --max-tokens 99')).toEqual({
      engine: 'command',
      command: ['uvx', 'mlx_vlm.server', '--model', '${model}', '--max-tokens', '99', ...own],
      model: 'o/m',
      environment: {},
    })
    const launch = 'mlx-openai-server launch --model-path ${model} --model-type lm --served-model-name q'
    expect(settings('mlx-openai-server launch --model-path /m --model-type lm --served-model-name q')).toEqual({
      engine: 'command',
      command: [...launch.split(' '), ...own],
      model: '/m',
      servedModel: 'q',
      environment: {},
    })
  })

  test('may name its model first of all', () => {
    expect(settings('uvx --from vllm-mlx vllm-mlx serve o/m --continuous-batching --port ${port}')).toMatchObject({
      command: ['uvx', '--from', 'vllm-mlx', 'vllm-mlx', 'serve', '${model}', '--continuous-batching', ...own],
      model: 'o/m',
    })
    expect(settings('python -m vllm_mlx.server --model o/m')).toMatchObject({ model: 'o/m' })
    expect(reason('vllm-mlx serve --models-config x.yaml')).toContain('names no model')
  })

  test('has no key of its own, and is for this machine alone', () => {
    const adopted = of('mlx_vlm.server --model o/m --api-key sk-1 --host 0.0.0.0')
    expect(JSON.stringify(adopted)).not.toContain('sk-1')
    expect(adopted).toMatchObject({
      notes: [expect.stringContaining('not on 0.0.0.0'), expect.stringContaining('--api-key')],
    })
  })
})

describe('anything else', () => {
  test.each([
    ['llama-server -m /x/phi.gguf --port ${port}', 'It runs llama-server, which is none of the MLX servers known here'],
    ['llama-server -m /x/phi.gguf', 'its model is a GGUF file'],
    ['docker run --rm image mlx_lm.server --model o/m', 'It runs docker'],
    ['ssh mac mlx_lm.server --model o/m', 'It runs ssh'],
    ['bash -c mlx_lm.server', 'It runs bash'],
    ['python server.py mlx_lm', 'It runs python'],
    ['vllm-mlx bench o/m', 'It runs vllm-mlx'],
    ['true', 'engine: command'],
  ])('is not taken over: %s', (command, words) => {
    expect(reason(command)).toContain(words)
  })
})
