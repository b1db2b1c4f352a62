import { expect, it } from 'vitest'
import { nameOf, splitRevision, withRevision } from '../../../src/cli/model-name.ts'

it.each([
  ['owner/name', 'main', 'owner/name'],
  ['owner/name', 'refs/pr/7', 'owner/name@refs/pr/7'],
])('%s at %s is written %s, and read so', (id, revision, written) => {
  expect(withRevision(id, revision)).toBe(written)
  const [asked, wanted = 'main'] = splitRevision(written)
  expect([asked, wanted]).toEqual([id, revision])
})

it.each([
  ['https://huggingface.co/owner/name', 'owner/name'],
  ['https://www.huggingface.co/owner/name/', 'owner/name'],
  ['hf.co/owner/name?library=mlx', 'owner/name'],
  ['https://huggingface.co/owner/name/tree/main', 'owner/name'],
  ['https://huggingface.co/owner/name/blob/v2/config.json', 'owner/name@v2'],
  ['https://huggingface.co/owner/name/tree/refs%2Fpr%2F7', 'owner/name@refs/pr/7'],
  ['https://huggingface.co/datasets/owner/name', 'https://huggingface.co/datasets/owner/name'],
  ['https://elsewhere.test/owner/name', 'https://elsewhere.test/owner/name'],
  ['owner/name@v2', 'owner/name@v2'],
])('%s is %s', (text, name) => {
  expect(nameOf(text)).toBe(name)
})
