/** A model's `config.json` as found: read field by field, trusting nothing. */

export type RawConfig = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is RawConfig {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function objectAt(config: RawConfig, key: string): RawConfig | undefined {
  const value = config[key]
  return isObject(value) ? value : undefined
}

/** The first of these fields that holds a finite number of at least zero. */
export function numberAt(config: RawConfig, ...keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const value = config[key]
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  }
  return undefined
}

export function numberOr(config: RawConfig, fallback: number, ...keys: readonly string[]): number {
  return numberAt(config, ...keys) ?? fallback
}

export function stringAt(config: RawConfig, key: string): string | undefined {
  const value = config[key]
  return typeof value === 'string' ? value : undefined
}

/** The strings of a list, or undefined where there is no list. */
export function stringsAt(config: RawConfig, key: string): readonly string[] | undefined {
  const value = config[key]
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : undefined
}

/** The part that describes the language model: vision models keep it under a name of their own. */
export function textConfig(config: RawConfig): RawConfig {
  for (const key of ['text_config', 'llm_config', 'language_config']) {
    const inner = objectAt(config, key)
    if (inner !== undefined) return { model_type: config['model_type'], ...inner }
  }
  return config
}
