/** What a terminal is set to with one press: the usual ways in which a provider goes wrong. */
import type { ProviderName } from '../operations/operation.ts'
import type { Script } from '../terminals/script.ts'
import type { Terminal } from '../terminals/terminal.ts'

export type Preset = {
  readonly name: string
  /** On the button. */
  readonly label: string
  /** In place of the terminal's first script. */
  readonly patch: Partial<Script>
  /** Left out = all of them. */
  readonly providers?: readonly ProviderName[]
}

export const presets: readonly Preset[] = [
  { name: 'ordinary', label: 'As at the start', patch: {} },
  {
    name: 'decline_some',
    label: 'Decline 30 %',
    patch: { decline_percent: 30 },
    providers: ['acquirer', 'stripe'],
  },
  { name: 'decline', label: 'Decline all', patch: { answer: 'decline' } },
  { name: 'timeout_after', label: 'Time out after charging', patch: { answer: 'timeout_after' } },
  { name: 'slow', label: 'Answer after 3 s', patch: { delay_ms: 3000 } },
  { name: 'down', label: 'Down', patch: { answer: 'down' } },
]

export const presetsOf = (provider: ProviderName): readonly Preset[] =>
  presets.filter(({ providers }) => providers === undefined || providers.includes(provider))

/** The whole script the preset gives this terminal; what was set by hand before ends. */
export function scriptOfPreset({ first_script }: Pick<Terminal, 'first_script'>, { patch }: Preset): Script {
  return { ...first_script, ...patch }
}

/** The preset the terminal is in; `null` = it was set by hand to something else. */
export function presetOf(terminal: Pick<Terminal, 'provider' | 'first_script' | 'script'>): Preset | null {
  return (
    presetsOf(terminal.provider).find((preset) => isSame(terminal.script, scriptOfPreset(terminal, preset))) ?? null
  )
}

function isSame(one: Script, other: Script): boolean {
  return (Object.keys(one) as (keyof Script)[]).every(
    (name) => JSON.stringify(one[name]) === JSON.stringify(other[name]),
  )
}
