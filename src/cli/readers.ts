/** What people write after a command or an option, read. */
import { InvalidArgumentError } from 'commander'
import { isModelName, nameOf } from './model-name.ts'

/** `8GB`, `8GiB`, or a number of bytes; as sizes are shown, 1 GB is 10⁹ bytes. */
export function readSize(text: string): number {
  const [, amount, unit = '', binary] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?$/i.exec(text.trim()) ?? []
  if (amount === undefined) throw new InvalidArgumentError('Write a size, for example 8GB.')
  return Math.round(Number(amount) * (binary ? 1024 : 1000) ** ' kmgt'.indexOf(unit.toLowerCase() || ' '))
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

/** A model of the hub; an address of it becomes its name. */
export function readModel(text: string): string {
  const name = nameOf(text)
  if (isModelName(name)) return name
  throw new InvalidArgumentError('Write owner/name, for example mlx-community/Qwen3-4B-4bit.')
}

/** A download: its number, or the model it brings. */
export function readDownload(text: string): string {
  const name = nameOf(text)
  if (/^[1-9]\d{0,14}$/.test(name) || (isModelName(name) && !name.includes('@'))) return name
  throw new InvalidArgumentError('Write its number or owner/name; mlx-gateway downloads shows both.')
}
