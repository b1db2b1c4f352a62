/** A profile being written, with what would come of it beside it. */
import { Alert, Button, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { FormEvent, SubmitEvent } from 'react'
import { Link } from 'wouter'
import { PageHead } from '../../parts/page-head.tsx'
import { addresses } from './address.ts'
import { AdvancedFields } from './advanced-fields.tsx'
import styles from './form.module.css'
import { isBlank, settingsOf, valuesOf } from './form-values.ts'
import type { Field, FormValues, ProfileSettings } from './form-values.ts'
import { useLeaveGuard } from './leave-guard.tsx'
import { LifeFields } from './life-fields.tsx'
import { ModelFields } from './model-fields.tsx'
import { NameFields } from './name-fields.tsx'
import { ParameterFields } from './parameter-fields.tsx'
import { Preview } from './preview.tsx'
import { fieldOf, outside, withoutDoubles } from './problems.ts'
import { SaveBar } from './save-bar.tsx'
import { useCheck } from './use-check.ts'
import type { FieldFacts } from './use-fields.ts'
import { useSave } from './use-save.ts'
import type { Before } from './use-save.ts'

interface Props {
  readonly begun: Partial<ProfileSettings>
  /** The profile that is changed; undefined: a new one. */
  readonly before: Before | undefined
  readonly changedMeanwhile: boolean
  readonly facts: readonly FieldFacts[]
}

export function ProfileForm({ begun, before, changedMeanwhile, facts }: Props) {
  const form = useForm<FormValues>({ initialValues: valuesOf(begun) })
  const { values } = form
  const read = useMemo(() => settingsOf(values), [values])
  const guard = useLeaveGuard(form.isDirty())
  const saving = useSave(before, guard.release)
  const check = useCheck(read.settings, before?.name, saving.busy)
  const [tries, setTries] = useState(0)
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set())
  const place = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (before === undefined) place.current?.querySelector('input')?.focus()
  }, [before])
  useEffect(() => {
    // to the first field at fault, once it has its words
    if (tries > 0) place.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [tries])

  // without a name it is not one; the gateway says so
  const settings = { name: '', ...read.settings }
  const problems = withoutDoubles([...read.problems, ...(check.checked?.problems ?? []), ...saving.refusalOf(settings)])
  const shown = problems.filter(({ path }) => tries > 0 || !isUntouched(fieldOf(path)))
  // nobody is told that something is missing before he had a chance to write it
  function isUntouched(field: string): boolean {
    return before === undefined && isField(field) && !changed.has(field) && isBlank(values[field])
  }
  // not where a field is left: words that appear between a press and its release move what is pressed
  const note = ({ target }: FormEvent<HTMLElement>) => {
    const field = target instanceof HTMLElement ? fieldOf(target.dataset['path'] ?? '') : ''
    if (!changed.has(field)) setChanged(new Set([...changed, field]))
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTries(tries + 1)
    const amiss = read.problems.length > 0 || (check.current && check.checked?.problems.length !== 0)
    if (!amiss) void saving.save(settings)
  }
  const names = new Map(facts.map((field) => [field.name, field]))
  const fields = { form, facts: names, problems: shown }
  const elsewhere = outside(new Set(Object.keys(values)), shown)
  return (
    <>
      <PageHead title={before === undefined ? 'New profile' : `Profile ${before.name}`}>
        <Button component={Link} href={addresses.list}>
          All profiles
        </Button>
      </PageHead>
      {guard.question}
      <form ref={place} onSubmit={submit} onChange={note} noValidate className={styles['form']}>
        <div className={styles['fields']}>
          <NameFields fields={fields} />
          <ModelFields fields={fields} />
          <LifeFields fields={fields} />
          <ParameterFields fields={fields} />
          <AdvancedFields fields={fields} />
        </div>
        <Preview
          checked={check.checked}
          error={check.error}
          again={check.again}
          model={values.model.trim()}
          revision={values.revision.trim()}
        />
        <div className={styles['save']}>
          {changedMeanwhile && !saving.busy && (
            <Alert color="var(--warn)" variant="light" w="100%">
              It was changed elsewhere meanwhile: saving puts what is written here in its place.
            </Alert>
          )}
          {elsewhere.map(({ path, message }) => (
            <Text key={`${path} ${message}`} c="var(--bad)" size="sm" w="100%" role="alert">
              {message}
            </Text>
          ))}
          <SaveBar busy={saving.busy} problems={shown.length} checked={check.checked} />
        </div>
      </form>
    </>
  )

  function isField(field: string): field is Field {
    return Object.hasOwn(values, field)
  }
}
