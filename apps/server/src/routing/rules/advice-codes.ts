/** Merchant advice codes of Mastercard. Cascading rules, section 7.2. */
import type { DeclineClass } from './decline-class.ts'

/** `class: null` = known, but no signal. `wait_h`: hours until a repeat is allowed. */
export type AdviceReading = {
  readonly class: DeclineClass | null
  readonly wait_h: number | null
  readonly alarm: boolean
}

const says = (reading: DeclineClass | null, wait_h: number | null = null, alarm = false): AdviceReading => ({
  class: reading,
  wait_h,
  alarm,
})

export const adviceCodes: ReadonlyMap<string, AdviceReading> = new Map([
  ['01', says('card_data')],
  ['02', says('wait', 72)],
  ['03', says('never')],
  ['04', says('card_data')],
  ['05', says(null)],
  ['21', says('never')],
  ['22', says('gateway_rejected', null, true)],
  ['24', says('wait', 1)],
  ['25', says('wait', 24)],
  ['26', says('wait', 48)],
  ['27', says('wait', 96)],
  ['28', says('wait', 144)],
  ['29', says('wait', 192)],
  ['30', says('wait', 240)],
  ['40', says(null)],
  ['41', says(null)],
  ['42', says('issuer_risk')],
  ['43', says(null)],
])

/** Response code + advice code of Mastercard read together; replaces what each says alone. */
export const advicePairs: ReadonlyMap<string, AdviceReading> = new Map([
  ['79+01', says('card_data')],
  ['82+01', says('card_data')],
  ['83+01', says('authentication_required')],
  ['79+02', says('wait', 72)],
  ['82+02', says('wait', 72)],
  ['83+02', says('wait', 72)],
  ['79+03', says('never')],
  ['82+03', says('never')],
  ['83+03', says('never')],
])
