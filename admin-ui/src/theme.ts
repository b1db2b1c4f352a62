/** How the page looks: Mantine's components, quieter. Colours of meaning are CSS variables in `page.css`. */
import {
  Badge,
  Button,
  createTheme,
  defaultVariantColorsResolver,
  Modal,
  Paper,
  SegmentedControl,
  Table,
  TextInput,
} from '@mantine/core'
import type { MantineColorsTuple } from '@mantine/core'

const accent: MantineColorsTuple = [
  '#eef0ff',
  '#dfe2fb',
  '#bfc5f5',
  '#9ca5ee',
  '#8b97ff',
  '#6b78e8',
  '#5562df',
  '#4553d8',
  '#3743b8',
  '#2c3699',
]

/** From ink to ground, so that Mantine's own greys are the page's. */
const dark: MantineColorsTuple = [
  '#e9ecf2',
  '#c6cdd9',
  '#9ba5b6',
  '#8590a3',
  '#3a414f',
  '#262b35',
  '#1c2028',
  '#171a21',
  '#13161c',
  '#0f1115',
]
const gray: MantineColorsTuple = [
  '#f6f7f9',
  '#eef0f4',
  '#e4e7ec',
  '#e4e7ec',
  '#c3c9d4',
  '#8a93a3',
  '#565f6e',
  '#414957',
  '#2a303b',
  '#12161f',
]

export const theme = createTheme({
  colors: { accent, dark, gray },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 4 },
  // Mantine judges what can be read on a colour by its light shade alone
  variantColorResolver: (input) => {
    const usual = defaultVariantColorsResolver(input)
    return input.variant === 'filled' ? { ...usual, color: 'light-dark(#fff, #0f1115)' } : usual
  },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, monospace',
  fontSizes: { xs: '13px', sm: '13px', md: '15px', lg: '15px', xl: '20px' },
  headings: { sizes: { h1: { fontSize: '20px', fontWeight: '600' }, h2: { fontSize: '13px', fontWeight: '600' } } },
  radius: { sm: '8px', md: '8px', lg: '14px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Badge: Badge.extend({ defaultProps: { variant: 'light', tt: 'none', fw: 600 } }),
    Button: Button.extend({ defaultProps: { size: 'xs', variant: 'default', fw: 500 } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, radius: 'lg', closeButtonProps: { 'aria-label': 'Close' } },
    }),
    Paper: Paper.extend({ defaultProps: { withBorder: true, radius: 'lg', p: 'md', shadow: 'none' } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'xs' } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 6, horizontalSpacing: 'xs' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'sm' } }),
  },
})
