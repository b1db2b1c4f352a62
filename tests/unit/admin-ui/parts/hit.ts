/** A model of the hub, as the admin API shows it. */
import type { Fit, Hit } from '../../../../admin-ui/src/parts/fit-words.ts'

export function hit(given: Partial<Hit> = {}): Hit {
  return {
    id: 'maker/model',
    commit: null,
    weightsBytes: null,
    quantization: null,
    contextLength: null,
    task: null,
    license: null,
    gated: 'open',
    downloads: null,
    lastModified: null,
    local: false,
    fit: null,
    unknown: null,
    ...given,
  }
}

export function fit(given: Partial<Fit> = {}): Fit {
  return {
    verdict: 'fits',
    needBytes: 6 * 1024 ** 3,
    weightsBytes: 4 * 1024 ** 3,
    cacheBytes: 1 * 1024 ** 3,
    context: 8192,
    budgetBytes: 48 * 1024 ** 3,
    freeBytes: 20 * 1024 ** 3,
    ...given,
  }
}
