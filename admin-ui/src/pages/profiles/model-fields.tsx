/** What is served, and by which program. */
import { Autocomplete, Input, SegmentedControl, Text, Textarea, TextInput } from '@mantine/core'
import { bytes } from '../../parts/format.ts'
import { useModels } from '../../parts/use-models.ts'
import { descriptionOf } from './field-words.ts'
import { inputOf } from './form-fields.ts'
import type { FormFields } from './form-fields.ts'
import styles from './form.module.css'
import { Section } from './section.tsx'

const engineNames = { 'mlx-lm': 'mlx-lm', command: 'A command of your own' } as const

export function ModelFields({ fields }: { readonly fields: FormFields }) {
  const { engine } = fields.form.values
  const facts = fields.facts.get('engine')
  return (
    <Section title="What it serves">
      <Input.Wrapper
        label="Engine"
        description={facts === undefined ? undefined : descriptionOf(facts)}
        labelElement="div"
      >
        <SegmentedControl
          mt={6}
          aria-label="Engine"
          data={Object.entries(engineNames).map(([value, label]) => ({ value, label }))}
          {...fields.form.getInputProps('engine')}
        />
      </Input.Wrapper>
      <ModelField fields={fields} required={engine === 'mlx-lm'} />
      {engine === 'command' && (
        <Textarea
          label="Command"
          required
          autosize
          minRows={2}
          maxRows={12}
          classNames={{ input: styles['mono'] ?? '' }}
          {...inputOf(fields, 'command')}
          placeholder="my-server --port ${port} --model ${model}"
        />
      )}
      {engine === 'command' && <TextInput label="Name of the model there" {...inputOf(fields, 'servedModel')} />}
    </Section>
  )
}

/** Any of those on this machine, or one that is yet to come. */
function ModelField({ fields, required }: { readonly fields: FormFields; readonly required: boolean }) {
  const { data: models = [] } = useModels()
  const usable = new Map(models.flatMap(({ id, facts, shadowed }) => (facts === null || shadowed ? [] : [[id, facts]])))
  return (
    <Autocomplete
      label="Model"
      required={required}
      autoComplete="off"
      maxDropdownHeight={280}
      {...inputOf(fields, 'model')}
      data={[...usable.keys()]}
      renderOption={({ option: { value } }) => {
        const facts = usable.get(value)
        return (
          <div className={styles['option']}>
            <span>{value}</span>
            <Text size="sm" c="dimmed">
              {facts !== undefined && `${facts.quantization}, ${bytes(facts.weightsBytes)}`}
            </Text>
          </div>
        )
      }}
    />
  )
}
