/** The grammar of what is put into the hub's addresses: nothing else is ever asked for. Pure. */
import { GatewayError } from '../errors.ts'

const PART = '[A-Za-z0-9_][A-Za-z0-9._-]{0,95}'
const REPOSITORY = new RegExp(`^${PART}/${PART}$`)
const REVISION = /^[A-Za-z0-9_][A-Za-z0-9._/+-]{0,254}$/

/** `owner/name`, as the hub allows it; `--` separates the parts of a folder's name in the cache. */
export function isRepositoryId(text: string): boolean {
  return REPOSITORY.test(text) && !/\.\.|--|[.-](\/|$)/.test(text)
}

/** A branch, a tag or a commit. */
export function isRevision(text: string): boolean {
  return REVISION.test(text) && !/\.\.|\/\/|[./]$/.test(text)
}

export function isCommit(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text)
}

/** Of models or their owners: to the hub, as to a disk that ignores case, they are the same. */
export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** Throws GatewayError `invalid_request`. */
export function checkIds(id: string, revision: string): void {
  if (!isRepositoryId(id)) {
    const message = `${JSON.stringify(id.slice(0, 200))} is no model of the hub: write owner/name, for example mlx-community/Qwen3-4B-4bit.`
    throw new GatewayError('invalid_request', message, { param: 'id' })
  }
  if (!isRevision(revision)) {
    const message = `${JSON.stringify(revision.slice(0, 200))} is no revision: write a branch, a tag or a commit.`
    throw new GatewayError('invalid_request', message, { param: 'revision' })
  }
}

export interface FileName {
  readonly id: string
  /** 40 digits. */
  readonly commit: string
  /** Inside the repository: `a/b.json`. */
  readonly path: string
}

/** Where the hub has a file. Throws GatewayError `invalid_request`. */
export function fileAddress(endpoint: string, { id, commit, path }: FileName): string {
  checkIds(id, commit)
  const steps = path.split('/')
  if (steps.some((step) => /^\.{0,2}$/.test(step)) || /[\0-\x1f\\]/.test(path)) {
    throw new GatewayError('invalid_request', `${JSON.stringify(path.slice(0, 200))} is no file of a model.`)
  }
  return `${endpoint}/${id}/resolve/${encodeURIComponent(commit)}/${steps.map(encodeURIComponent).join('/')}`
}
