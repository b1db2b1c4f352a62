import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { flagsIn } from '../../../src/engines/executable.ts'
import { checkArguments } from '../../../src/engines/flags.ts'

const help = readFileSync(new URL('../../fixtures/engine-logs/help.log', import.meta.url), 'utf8')
const known = flagsIn(help)
const owned = new Map([['--port', 'it chooses a free one.']])
const check = (...given: string[]): void => checkArguments(given, known, owned)

describe('the arguments of a profile', () => {
  test('pass when every flag is written as the help has it, with its value beside it or after =', () => {
    expect(() => check('--temp', '0.5', '--kv-bits=4', '--pipeline', '--chat-template-args', '{"a": 1}')).not.toThrow()
  })

  test('are refused for a flag this version does not know, naming the nearest', () => {
    expect(() => check('--temp', '1', '--max-token', '5')).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        param: 'arguments[2]',
        message: 'This version of the engine has no flag --max-token. Did you mean --max-tokens?',
      }),
    )
  })

  test('never pass as a prefix, which argparse would complete', () => {
    for (const prefix of ['--mod', '--hos', '--trust', '--po=1']) expect(() => check(prefix)).toThrow('has no flag')
  })

  test('are refused for a flag that the gateway sets, saying what to do', () => {
    expect(() => check('--port', '1')).toThrow('--port is set by the gateway: it chooses a free one.')
    expect(() => check('--port=1')).toThrow('--port is set by the gateway')
  })

  test('are refused with everything that is wrong with them', () => {
    expect(() => check('1', '--port', '1', '--temp', '1', '--no-such')).toThrow(
      expect.objectContaining({
        param: 'arguments[0]',
        message: expect.stringMatching(/^"1" follows no flag\. --port is set by .* no flag --no-such\./),
      }),
    )
  })

  test('are asked for no more than whose they are where nobody knows the version', () => {
    expect(() => checkArguments(['--no-such', '1'], undefined, owned)).not.toThrow()
    expect(() => checkArguments(['--port', '1'], undefined, owned)).toThrow('--port is set by the gateway')
  })

  test('are refused for a short flag', () => {
    expect(() => check('-h')).toThrow('has no flag -h')
  })

  test('may have negative numbers as values', () => {
    expect(() => check('--temp', '-1', '--min-p', '-.5')).not.toThrow()
  })

  test('are refused where a value follows no flag', () => {
    expect(() => check('0.5')).toThrow('"0.5" follows no flag.')
  })
})

describe('the flags of a help text', () => {
  test('are all of them and nothing else', () => {
    expect(known.size).toBe(27)
    expect([...known]).toEqual(expect.arrayContaining(['--model', '--allowed-origins', '--kv-bits', '--pipeline']))
  })
})
