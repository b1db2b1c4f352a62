import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { clients, clientsInOrder, paths, served } from '../../../../admin-ui/src/pages/connect/clients.ts'

const connection = { origin: 'http://10.0.0.7:8090', key: 'sk-test', model: 'maker/coder-4bit' }

/** What Zed is told. */
const zed = (context?: number) =>
  clients.find(({ name }) => name === 'Zed')?.steps({ ...connection, context })[0]?.text ?? ''

describe('settings for clients', () => {
  test('are filled in with the address, a key and a model', () => {
    for (const { steps } of clients) {
      const text = steps(connection)
        .map((step) => step.text)
        .join('\n')
      expect(text).toContain('http://10.0.0.7:8090')
      expect(text).toContain('sk-test')
    }
  })

  test('that are JSON or YAML can be read as such', () => {
    const files = clients
      .flatMap(({ steps }) => steps(connection))
      .filter(({ where }) => /\.(?:json|yaml)$/.test(where))
    expect(files).toHaveLength(3)
    for (const { text } of files) expect(parse(text)).toBeTypeOf('object')
  })

  test('tell Zed the size of the model’s contexts, and a cautious one where that is not known', () => {
    expect(zed(40_960)).toContain('"max_tokens": 40960')
    expect(zed()).toContain('"max_tokens": 8192')
  })

  test('stand with those first that work today', () => {
    const work = clientsInOrder.map(({ wire }) => served.has(wire))
    expect(work.lastIndexOf(true)).toBeLessThan(work.indexOf(false))
    expect(clientsInOrder).toHaveLength(clients.length)
  })

  test('know which wires this version serves', () => {
    const { paths: described } = parse(readFileSync(new URL('../../../../openapi.yaml', import.meta.url), 'utf8'))
    const known = Object.entries(paths).filter(([, path]) => path in described)
    expect([...served]).toEqual(known.map(([wire]) => wire))
  })
})
