import { describe, expect, test } from 'vitest'
import { installFailure } from '../../../src/engines/install-failure.ts'

const failure = (...lines: string[]): string => installFailure('Installing it with pip', { code: 1, lines }).message

describe('the message of a failed installation', () => {
  test('says what failed, what to do, and the last words', () => {
    expect(failure('Collecting x', 'ERROR: No matching distribution found for x==1')).toBe(
      'Installing it with pip failed with exit code 1. The download failed: check that this machine reaches its Python package index (pip’s and uv’s own settings apply), then try again. Its last words: Collecting x | ERROR: No matching distribution found for x==1',
    )
  })

  test('never repeats an index, a host or a password', () => {
    const message = failure(
      'Looking in indexes: https://someone:password@index.corp/simple',
      "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'",
      "ERROR: HTTPSConnectionPool(host='index.corp', port=443): Max retries exceeded with url: /simple/x/",
      'error: Failed to fetch: `https://someone:password@index.corp/simple/x/`',
    )
    expect(message).not.toMatch(/index\.corp|password|someone/)
    expect(message).toContain('The download failed')
  })

  test.each([
    ['OSError: [Errno 28] No space left on device', 'The disk is full'],
    ['The virtual environment was not created successfully because ensurepip is not available.', 'python3-venv'],
    ['ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.', 'not what was expected'],
    ['PermissionError: [Errno 13] Permission denied', 'cannot be written to'],
  ])('for "%s" advises: %s', (line, advice) => {
    expect(failure(line)).toContain(advice)
  })

  test('keeps the last lines only, each of a bearable length', () => {
    const message = failure('first', 'second', 'third', 'x'.repeat(5_000))
    expect(message).not.toContain('first')
    expect(message.length).toBeLessThan(500)
  })

  test('says when it was a signal that ended it', () => {
    expect(installFailure('It', { code: undefined, lines: [] }).message).toBe('It was ended from outside.')
  })
})
