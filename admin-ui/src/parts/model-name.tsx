/** A model's name with its colour. */
import { modelColour } from './model-colour.ts'
import styles from './parts.module.css'

export function ModelName({ name, weight = 600 }: { readonly name: string | null; readonly weight?: 400 | 600 }) {
  return (
    <span className={styles['name']} style={{ '--colour': modelColour(name), fontWeight: weight }}>
      <span className="swatch" aria-hidden />
      <span>{name ?? 'no model'}</span>
    </span>
  )
}
