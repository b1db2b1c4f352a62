/** How the model is asked; what is left empty is left to its profile. */
import { Button, NumberInput, Popover, Stack, Textarea } from '@mantine/core'
import type { Parameters } from './chat-request.ts'

interface Props {
  readonly of: Parameters
  readonly change: (parameters: Parameters) => void
}

export function ParameterFields({ of, change }: Props) {
  const number = (name: 'temperature' | 'topP' | 'maxTokens') => ({
    value: of[name],
    onChange: (value: string | number) => change({ ...of, [name]: typeof value === 'number' ? value : '' }),
    placeholder: 'as the profile says',
  })
  return (
    <Popover width={340} position="bottom-end" trapFocus withinPortal>
      <Popover.Target>
        <Button>Parameters</Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Textarea
            label="System prompt"
            autosize
            minRows={3}
            maxRows={10}
            value={of.system}
            onChange={({ currentTarget }) => change({ ...of, system: currentTarget.value })}
          />
          <NumberInput label="Temperature" min={0} max={2} step={0.1} decimalScale={2} {...number('temperature')} />
          <NumberInput label="Top p" min={0} max={1} step={0.05} decimalScale={2} {...number('topP')} />
          <NumberInput label="Tokens at most" min={1} step={256} allowDecimal={false} {...number('maxTokens')} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
