/** `mlx-gateway openapi`: the description of the API, printed from the code. */
import { openapiDocument } from '../api/api.ts'
import type { World } from './world.ts'

export function printOpenapi(world: World): void {
  world.out.write(openapiDocument())
}
