/** Where the gateway proves who it is, to whoever knows what its data directory notes of this run. */
import { createRoute, z } from '@hono/zod-openapi'
import { answer, createDoors, refusal, toAnybody } from './door.ts'

const proof = createRoute({
  method: 'get',
  path: '/proof',
  tags: ['health'],
  summary: 'Prove that this is the gateway whose gateway.json holds the secret; ask before sending the admin token',
  security: toAnybody,
  request: {
    query: z.object({ challenge: z.string().regex(/^[\w-]{16,128}$/, 'must be 16 to 128 letters or digits') }),
  },
  responses: {
    200: answer('HMAC-SHA256 of the challenge by that secret, base64url', z.object({ proof: z.string() })),
    default: refusal,
  },
})

export const proofs = createDoors().openapi(proof, (c) =>
  c.json({ proof: c.env.house.prove(c.req.valid('query').challenge) }, 200),
)
