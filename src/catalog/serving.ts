/** What each profile serves: found when asked, and remembered for those who only list. */
import type { Settings } from '../config/config.ts'
import type { Model } from './model.ts'
import { plainProfile, type Profile, type Served } from './profile.ts'
import { serve, type ServeParts } from './serve.ts'

export interface Serving {
  /** As `serve`. */
  serve(profile: Profile): Promise<Served>
  /** What a profile was last found to serve; no look at the disk. */
  servedOf(profile: Profile): Served | undefined
  /** The same object for the same model. */
  localProfile(model: Model): Profile
}

export function createServing(parts: ServeParts, scheduling: Settings['scheduling']): Serving {
  const locals = new WeakMap<Model, Profile>()
  const found = new WeakMap<Profile, Served | undefined>()
  return {
    async serve(profile) {
      let served: Served | undefined
      try {
        served = await serve(profile, parts)
        return served
      } finally {
        found.set(profile, served)
      }
    },
    servedOf: (profile) => found.get(profile),
    localProfile(model) {
      const known = locals.get(model)
      if (known !== undefined) return known
      const profile = plainProfile(model.id, 'local', scheduling)
      locals.set(model, profile)
      found.set(profile, { profile, model })
      return profile
    },
  }
}
