/** The description of every door, printed from the doors themselves. */
import { sessionCookie } from '../access/access.ts'
import { doors } from './doors.ts'
import { toYaml } from './yaml.ts'

const bearer = { type: 'http', scheme: 'bearer' }
const header = { type: 'apiKey', in: 'header', name: 'x-api-key' }

/** The text of `openapi.yaml`. */
export function openapiDocument(): string {
  const { webhooks: _, ...described } = doors.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'mlx-gateway',
      version: '1',
      description: 'One OpenAI-compatible endpoint for every MLX model on this machine, and an API to look after them.',
      license: { name: 'MIT' },
    },
    servers: [{ url: 'http://127.0.0.1:8090' }],
    security: [{ adminToken: [] }, { adminTokenHeader: [] }, { session: [] }],
  })
  const key = 'An API key, made with mlx-gateway keys create; needed once there is one'
  const adminToken = 'The content of admin-token in the data directory, or a key of scope admin'
  const securitySchemes = {
    key: { ...bearer, description: key },
    keyHeader: { ...header, description: key },
    adminToken: { ...bearer, description: adminToken },
    adminTokenHeader: { ...header, description: adminToken },
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: sessionCookie,
      description: 'Set by POST /admin/api/session; counts only for the gateway’s own page',
    },
  }
  return toYaml({ ...described, components: { ...described.components, securitySchemes } })
}
