/** What people write after an option, read. */
import bytes from 'bytes'
import { InvalidArgumentError } from 'commander'

/** `8GB`, or a number of bytes. */
export function readSize(text: string): number {
  const value = /^\d+(\.\d+)?\s*([kmgt]?b)?$/i.test(text) ? bytes.parse(text) : null
  if (value === null) throw new InvalidArgumentError('Write a size, for example 8GB.')
  return value
}

export function readCount(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Write a whole number.')
  return value
}

export function readSort(text: string): 'downloads' | 'recent' {
  if (text === 'downloads' || text === 'recent') return text
  throw new InvalidArgumentError('Write downloads or recent.')
}
