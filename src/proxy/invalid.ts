/** What is wrong with a request, by the name of the field. */
import { GatewayError } from '../errors.ts'

/** Fields are named by whoever sends them. */
const longestField = 100

export function invalid(param: string, problem: string): GatewayError {
  const field = param.length > longestField ? `${param.slice(0, longestField)}…` : param
  return new GatewayError('invalid_request', `'${field}' ${problem}.`, { param: field })
}
