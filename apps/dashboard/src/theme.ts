/** Colours and sizes. Every text has a contrast of at least 4.5 to 1 on what it stands on, in both schemes. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const blue: MantineColorsTuple = [
  '#eef2ff',
  '#dde5ff',
  '#b9c8ff',
  '#93abff',
  '#7391fb',
  '#4f70ee',
  '#3a5ae0',
  '#2b49cc',
  '#213aa8',
  '#192d83',
]

const dark: MantineColorsTuple = [
  '#dfe3ea',
  '#c3c9d4',
  '#a3abb9',
  '#788194',
  '#464e5e',
  '#343b49',
  '#272d39',
  '#1a1f29',
  '#141821',
  '#0f1219',
]

export const theme = createTheme({
  colors: { blue, dark },
  primaryColor: 'blue',
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Open Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.375rem', lineHeight: '1.3' } } },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Below the field: labels and fields of a row stand in line, however long the notes are.
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
  },
})

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f6f7f9',
    '--mantine-color-text': '#16191f',
    '--mantine-color-dimmed': '#545c6b',
    '--mantine-color-placeholder': '#6a7282',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#2b49cc',
    '--mantine-color-default-border': '#c9ced8',
  },
  dark: {
    '--mantine-color-body': '#0f1219',
    '--mantine-color-text': '#dfe3ea',
    '--mantine-color-dimmed': '#a3abb9',
    '--mantine-color-placeholder': '#8b94a6',
    '--mantine-color-error': '#ff8a80',
    '--mantine-color-anchor': '#93abff',
    '--mantine-color-default-border': '#3a4252',
  },
})
