import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { COMMON_SIGNS, diagnose } from '../../../src/engines/diagnosis.ts'
import type { Exit } from '../../../src/engines/engine.ts'
import { MLX_LM_SIGNS } from '../../../src/engines/mlx-lm-signs.ts'

const recorded = (name: string): string[] =>
  readFileSync(new URL(`../../fixtures/engine-logs/${name}.log`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
const of = (lines: readonly string[], exit?: Exit) => diagnose(MLX_LM_SIGNS, lines, exit)
const common = (lines: readonly string[], exit?: Exit) => diagnose(COMMON_SIGNS, lines, exit)
const abort: Exit = { code: null, signal: 'SIGABRT' }

describe('what mlx_lm.server said when it failed, as recorded', () => {
  test.each([
    ['load-fails-bad-type', 'does not support models of type "nope"'],
    ['load-fails-no-weights', 'it has no safetensors files'],
    ['load-fails-cut-weights', 'cut off or corrupt'],
    ['load-fails-wrong-shape', 'Expected shape (64, 64) but received shape (128, 64)'],
    ['load-fails-more-layers', 'Missing 9 parameters'],
    ['load-fails-fewer-layers', 'Received 9 parameters not in model'],
    ['load-fails-bad-config', 'one of its JSON files cannot be read'],
    ['load-fails-no-tokenizer', 'no tokenizer'],
    ['load-fails-absent', 'is not there'],
    ['load-fails-org-absent', 'Download it first'],
    ['low-file-limit', 'at least 4096 open files'],
    ['bad-flag', 'does not understand its command line: see --bogus.'],
  ])('%s is permanent: %s', (name, reason) => {
    expect(of(recorded(name), { code: 1, signal: null })).toEqual({
      kind: 'permanent',
      reason: expect.stringContaining(reason),
    })
  })

  test('a port that somebody took meanwhile is worth another try', () => {
    expect(of(recorded('port-in-use'), undefined)).toMatchObject({
      kind: 'transient',
      reason: expect.stringContaining('port'),
    })
  })

  test('a generation thread that a request killed is worth another try', () => {
    expect(of(recorded('thread-dies'), undefined)).toEqual({
      kind: 'transient',
      reason: 'Its generation thread died.',
    })
  })

  test('an abort on a polite stop, with nothing said, is no lasting fault', () => {
    expect(of(recorded('sigint-busy-aborts'), abort)).toEqual({
      kind: 'transient',
      reason: 'It was ended by SIGABRT.',
    })
  })
})

describe('what macOS and Metal say', () => {
  test('running out of GPU memory is a matter of memory', () => {
    const line =
      'libc++abi: terminating due to uncaught exception of type std::runtime_error: [METAL] Command buffer execution failed: Insufficient Memory (00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)'
    expect(of([line], abort)).toMatchObject({ kind: 'memory' })
  })

  test('a buffer larger than allowed is a matter of memory', () => {
    const line =
      'RuntimeError: [metal::malloc] Attempting to allocate 91268055040 bytes which is greater than the maximum allowed buffer size of 77309411328 bytes.'
    expect(of(['ERROR - mlx_lm.server generation thread died: x', line])).toMatchObject({ kind: 'memory' })
  })

  test('its watchdog, its buffer count and a lost stream are worth another try', () => {
    for (const line of [
      'libc++abi: [METAL] Command buffer execution failed: Caused GPU Timeout Error (kIOGPUCommandBufferCallbackErrorTimeout)',
      'RuntimeError: [metal::malloc] Resource limit (499000) exceeded.',
      'RuntimeError: There is no Stream(gpu, 1) in current thread.',
    ]) {
      expect(of([line], abort).kind).toBe('transient')
      expect(of([line], abort).reason).not.toBe(of([], abort).reason)
    }
  })
})

describe('lines that mean nothing', () => {
  const hangUp = [
    '127.0.0.1 - - [22/Nov/2026 15:07:00] "POST /v1/chat/completions HTTP/1.1" 200 -',
    '----------------------------------------',
    "Exception occurred during processing of request from ('127.0.0.1', 47936)",
    'Traceback (most recent call last):',
    '  File "server.py", line 1, in handle',
    'BrokenPipeError: [Errno 32] Broken pipe',
    '----------------------------------------',
  ]

  test('a client that hung up is never the reason', () => {
    expect(of(hangUp, { code: 1, signal: null })).toEqual({
      kind: 'transient',
      reason: 'It ended by itself with exit code 1.',
    })
  })

  test('a request whose JSON was bad does not make the model a broken one', () => {
    const line =
      '2026-11-22 15:07:00,599 - ERROR - JSONDecodeError: Expecting value: line 1 column 1 (char 0) - Raw body: {'
    expect(of([line], { code: null, signal: 'SIGKILL' }).kind).toBe('transient')
  })
})

describe('a reason', () => {
  const secret = 'sk-0123456789'

  test.each([
    [`OSError: cannot open /home/someone/${secret}/x.bin`],
    [`ERROR - mlx_lm.server generation thread died: prompt was ${secret}`],
    [`KeyError: ${secret}`],
    [`server: error: unrecognized arguments: ${secret}`],
    [`server: error: unrecognized arguments: --api-key=${secret}`],
    [`server: error: unrecognized arguments: -k${secret}`],
    [`server: error: argument --port: invalid int value: '${secret}'`],
    [`ValueError: Expected shape (1, 2) but received shape (1, 3) ${secret}`],
    [`json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0) ${secret}`],
    [`ImportError: cannot import name x from y (/home/${secret}/y.py)`],
  ])('tells clients nothing of what a server may have been told, nor of where things lie: %s', (line) => {
    for (const exit of [undefined, abort, { code: 1, signal: null }])
      expect(of([line], exit).reason).not.toContain(secret)
  })
})

describe('any other end', () => {
  test('is told by the way it ended', () => {
    expect(common(['loading'], { code: 3, signal: null })).toEqual({
      kind: 'transient',
      reason: 'It ended by itself with exit code 3.',
    })
  })

  test('by SIGKILL names both who may have sent it', () => {
    expect(common([], { code: null, signal: 'SIGKILL' }).reason).toMatch(/a person or because .* out of memory/)
  })

  test('of a command that cannot be run is permanent, and says why', () => {
    expect(common([], { code: 127, signal: null })).toMatchObject({
      kind: 'permanent',
      reason: expect.stringContaining('not found'),
    })
    expect(common([], { code: 126, signal: null })).toMatchObject({
      kind: 'permanent',
      reason: expect.stringContaining('may not be executed'),
    })
  })

  test('that has not come yet is a server that stopped answering', () => {
    expect(common([], undefined)).toEqual({ kind: 'transient', reason: 'It stopped answering.' })
  })
})
