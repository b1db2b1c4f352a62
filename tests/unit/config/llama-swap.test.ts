import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readSwapFile, type SwappedModel } from '../../../src/config/llama-swap.ts'
import { parseYaml } from '../../../src/config/file.ts'

const text = readFileSync(new URL('../../fixtures/llama-swap/config.yaml', import.meta.url), 'utf8')
const read = (yaml: string) => readSwapFile(parseYaml(yaml, { merge: true }).value, '/home/me')
const recorded = read(text)
const model = (id: string, of = recorded): SwappedModel | undefined => of.models.find((one) => one.id === id)
const words = (id: string, of?: typeof recorded) => {
  const command = model(id, of)?.command
  return command !== undefined && 'words' in command ? command.words.join(' ') : command?.reason
}
const one = (cmd: string, beside = '') => words('m', read(`${beside}\nmodels: { m: { cmd: ${JSON.stringify(cmd)} } }`))

describe('a llama-swap file', () => {
  test('gives commands in words, macros within macros filled in, comments and line ends left out', () => {
    expect(words('qwen3-4b')).toBe(
      '/opt/venv/bin/mlx_lm.server --host 0.0.0.0 --port ${port} --prompt-cache-size 2 ' +
        '--model mlx-community/Qwen3-4B-4bit --temp 0.7 --top-p=0.9 --max-tokens 2048 ' +
        '--chat-template-args {"enable_thinking": false}',
    )
  })

  test('knows a model’s own macros over those of all, and the home directory', () => {
    expect(words('coder')).toContain('--model /home/me/models/coder')
    expect(words('coder')).toContain('--max-tokens 32768')
    expect(words('gguf')).toContain('--ctx-size 16384')
  })

  test('says what means something here in the words of a profile', () => {
    expect(model('qwen3-4b')?.settings).toEqual({
      aliases: ['gpt-4o-mini', 'qwen'],
      environment: { MLX_MAX_OPS_PER_BUFFER: '2', NOTE: 'a=b' },
      idle: 60_000,
      concurrency: 4,
      servedModel: 'mlx-community/Qwen3-4B-4bit',
      force: { temperature: 0.6, top_k: 20 },
      preload: true,
    })
  })

  test('takes the time of all models where one has none, and 0 for never', () => {
    expect(model('eyes')?.settings).toMatchObject({ idle: 300_000 })
    expect(model('coder')?.settings).toMatchObject({ idle: 0 })
    const without = read('models: { m: { cmd: x } }')
    expect(model('m', without)?.settings).not.toHaveProperty('idle')
    expect(without.notes).toEqual([expect.stringContaining('scheduling.idle')])
    expect(model('m', read('globalTTL: 5\nmodels: { m: { cmd: x, ttl: -1 } }'))?.settings).toMatchObject({ idle: 5000 })
  })

  test('has a model pinned whose group nobody else may end, unless it has a time of its own', () => {
    expect(model('coder')?.settings).toMatchObject({ pinned: true })
    const groups = 'groups: { g: { persistent: true, members: [m] } }'
    expect(model('m', read(`models: { m: { cmd: x, ttl: 9 } }\n${groups}`))?.settings).not.toHaveProperty('pinned')
    const newer = read(`models: { m: { cmd: x } }\nrouting: { router: { settings: { ${groups} } } }`)
    expect(model('m', newer)?.settings).toMatchObject({ pinned: true })
  })

  test('names what is left out, of a model and of the whole', () => {
    expect(model('qwen3-4b')?.notes).toEqual([
      'Not taken over: name, description, filters.stripParams, filters.setParamsByID.qwen3-4b:high.',
    ])
    expect(model('docker')?.notes).toEqual(['Not taken over: cmdStop.'])
    expect(recorded.notes).toEqual([
      'Not taken over: healthCheckTimeout, logLevel, startPort, apiKeys, quiet.',
      'Not taken over: groups. Here the memory decides who runs beside whom.',
    ])
    expect(JSON.stringify(recorded)).not.toContain('sk-not-for-here')
  })

  test.each([
    ['far', 'It answers at 192.168.1.7, not here.'],
    ['lost', 'Nobody here knows what ${unknown-macro} stands for; write its value instead.'],
    ['quoted', 'A quote in its command is not closed.'],
    ['no command', expect.stringContaining('It cannot be read: cmd')],
  ])('says why %s cannot be taken over', (id, reason) => {
    expect(model(id)?.command).toEqual({ reason })
  })

  test('reads nothing from the environment but the home directory', () => {
    expect(one('x ${env.HF_TOKEN}')).toContain('${env.HF_TOKEN}')
  })

  test('refuses macros that double with each other', () => {
    const macros = Array.from({ length: 40 }, (_, at) => `m${at + 1}: "\${m${at}}\${m${at}}"`)
    expect(one('x ${m40}', `macros: { m0: "0123456789", ${macros.join(', ')} }`)).toContain('grow too long')
    expect(one('x ${m3}', `macros: { m0: "01", ${macros.slice(0, 3).join(', ')} }`)).toBe(`x ${'01'.repeat(8)}`)
  })

  test('takes a text that is one macro for its value', () => {
    const typed = read('macros: { wait: 7 }\nmodels: { m: { cmd: x, ttl: "${wait}" } }')
    expect(model('m', typed)?.settings).toMatchObject({ idle: 7000 })
  })
})
