import { expect, test } from 'vitest'
import { GatewayError } from '../../../src/errors.ts'
import { permitted } from '../../../src/proxy/permitted.ts'
import type { Target } from '../../../src/router/router.ts'

const router = {
  async resolve(name: string): Promise<Target> {
    const known = ['small', 'gpt-4o-mini'].includes(name)
    if (!known) throw new GatewayError('model_not_found', `There is no '${name}'; the nearest is 'secret'.`)
    return { name, model: undefined, profile: { name: 'small', aliases: ['gpt-4o-mini'] } } as unknown as Target
  },
}
const only = (allowed: string) => (name: string) => name === allowed

test('a key for a profile may use its aliases, and the other way round', async () => {
  expect(await permitted('gpt-4o-mini', only('small'), router)).toMatchObject({ name: 'gpt-4o-mini' })
  expect(await permitted('small', only('gpt-4o-mini'), router)).toMatchObject({ name: 'small' })
})

test('a limited key hears nothing of other models, whether there are such or not', async () => {
  const words = /^This key may not use the model/
  await expect(permitted('small', only('other'), router)).rejects.toThrow(words)
  await expect(permitted('smal', only('other'), router)).rejects.toThrow(words)
})

test('a key that may use a name hears why it leads nowhere', async () => {
  await expect(permitted('smal', () => true, router)).rejects.toMatchObject({ code: 'model_not_found' })
})

test('what is too long for a name is nobody’s, and not looked for', async () => {
  const long = { code: 'invalid_request', param: 'model', message: expect.stringMatching(/^.{1,200}$/) }
  const asked: string[] = []
  const asking = { resolve: (name: string) => router.resolve((asked.push(name), name)) }
  for (const mayUse of [() => true, () => false])
    await expect(permitted('x'.repeat(194), mayUse, asking)).rejects.toMatchObject(long)
  expect(asked).toEqual([])
  await expect(permitted('x'.repeat(193), () => true, asking)).rejects.toMatchObject({ code: 'model_not_found' })
})
