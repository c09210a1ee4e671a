/** Who is told of a step by e-mail. The opener's side of every step, others when it is their turn. Cascade API, 11.1 and 11.2. */
import type { Audience } from '../../mail/mail.ts'
import type { AppealState, Opener, Side } from '../appeal.ts'

export type StepToTell = {
  /** `null` = it was opened. */
  readonly from: AppealState | null
  readonly to: AppealState
  readonly step: string
  readonly calls: 'reminder' | 'alarm' | null
  /** Whose act it is. */
  readonly side: Side
  readonly opened_side: Opener
  /** What was said with it is for its own side only. */
  readonly internal: boolean
}

/** `alarm`: somebody has to decide or to look. */
export type Occasion = AppealState | 'message' | 'reminder' | 'alarm'

export type Told = { readonly audience: Audience; readonly occasion: Occasion }

/** The merchant acts for his payer, so he is told what his payer is told. */
const parties: Readonly<Record<Opener, readonly Exclude<Audience, 'provider'>[]>> = {
  merchant: ['merchant'],
  payer: ['payer', 'merchant'],
  operator: ['operator'],
}

/** At most one mail for each side. */
export function toldOfStep({ from, to, step, calls, side, opened_side, internal }: StepToTell): Told[] {
  const moved = from !== to
  const alarm = calls === 'alarm' || (moved && to === 'arbitration')
  const told: Told[] = []
  for (const audience of parties[opened_side]) {
    if (audience === 'operator' && alarm) continue
    if (moved) told.push({ audience, occasion: to })
    else if (step === 'message' && !internal && side !== audience) told.push({ audience, occasion: 'message' })
  }
  if (alarm) told.push({ audience: 'operator', occasion: 'alarm' })
  if (calls === 'reminder') told.push({ audience: 'provider', occasion: 'reminder' })
  return told
}
