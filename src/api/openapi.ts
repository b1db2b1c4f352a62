/** The description of every door, printed from the doors themselves. */
import { doors } from './doors.ts'
import { toYaml } from './yaml.ts'

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
    security: [{ bearer: [] }, { apiKey: [] }],
  })
  const securitySchemes = {
    bearer: { type: 'http', scheme: 'bearer' },
    apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
  }
  return toYaml({ ...described, components: { ...described.components, securitySchemes } })
}
