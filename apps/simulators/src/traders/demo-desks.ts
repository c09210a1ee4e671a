/** The desks that are there from the start. Some amounts mean something else at each of them: what the demo shop sells by transfer. */
import type { DeskSettings } from './desk.ts'

export const demoDesks: Readonly<Record<string, Partial<DeskSettings>>> = {
  volga: { amount_steps: { '17': 'refuse:NO_REQUISITES', '18': 'issue_wrong:3500' } },
  neva: { amount_steps: { '17': 'issue_success:15', '18': 'issue_wrong:3500' } },
}
