/** What all next payments of a desk do, set with one press: the scenarios worth watching. */
import type { Desk } from './desk.ts'

export type DeskPreset = {
  readonly name: string
  /** On the button. */
  readonly label: string
  /** Empty = no script: the amounts decide. */
  readonly steps: readonly string[]
}

export const deskPresets: readonly DeskPreset[] = [
  { name: 'by_amount', label: 'By amount', steps: [] },
  { name: 'paid', label: 'Paid after 10 s', steps: ['issue_success:10'] },
  { name: 'refuse', label: 'No requisites', steps: ['refuse:NO_REQUISITES'] },
  { name: 'wrong_amount', label: '90 % arrives', steps: ['issue_wrong:90%'] },
  { name: 'late', label: 'Paid too late', steps: ['issue_late:10'] },
  { name: 'never', label: 'Never paid', steps: ['issue_never'] },
  { name: 'agree', label: 'Agrees to appeals', steps: ['appeal:accept'] },
  { name: 'disagree', label: 'Refuses appeals', steps: ['appeal:reject'] },
  { name: 'timeout', label: 'Times out, order exists', steps: ['timeout:created'] },
  { name: 'broken', label: 'Broken answers', steps: ['bad_json'] },
]

export function findPreset(name: string): DeskPreset | undefined {
  return deskPresets.find((preset) => preset.name === name)
}

/** The preset the desk is in; `null` = it was set by hand to something else. */
export function presetOf({ scripts }: Pick<Desk, 'scripts'>): DeskPreset | null {
  const [script, more] = scripts
  if (!script) return findPreset('by_amount') ?? null
  if (more || script.repeat !== null || Object.keys(script.match).length > 0) return null
  return deskPresets.find(({ steps }) => steps.length > 0 && steps.join() === script.steps.join()) ?? null
}
