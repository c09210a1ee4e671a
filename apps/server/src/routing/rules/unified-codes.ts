/** Unified codes of the Card API, said by a gateway → class. Cascading rules, section 6.3. */
import type { DeclineClass } from './decline-class.ts'

/** `alarm`: our own set-up at the gateway is wrong, a person must look. */
export type CodeReading = { readonly class: DeclineClass; readonly alarm: boolean }

const rows: readonly (readonly [codes: readonly string[], reading: DeclineClass, alarm?: 'alarm'])[] = [
  [['F.0100', 'F.0101'], 'card_data'],
  [['F.0102', 'F.0103'], 'gateway_rejected', 'alarm'],
  [['F.0104', 'F.0105'], 'soft_generic'],
  [['F.0106', 'F.0107'], 'gateway_rejected', 'alarm'],
  [['F.0108'], 'duplicate'],
  [['F.0109', 'F.0110'], 'request_invalid'],
  [['F.0111', 'F.0112'], 'card_data'],
  [['F.0113'], 'gateway_rejected'],
  [['F.0114'], 'insufficient_funds'],
  [['F.0115', 'F.0116'], 'never'],
  [['F.0117', 'F.0118'], 'acquirer_technical'],
  [['F.0119'], 'issuer_technical'],
  [['F.0120'], 'issuer_risk'],
  [['F.0121', 'F.0122'], 'payer_action'],
  [['F.0123'], 'gateway_rejected'],
  [['F.0124', 'F.0125'], 'limit'],
  [['F.0126'], 'payer_action'],
  [['F.0127'], 'card_data'],
  [['F.0128'], 'request_invalid'],
  [['F.0129', 'F.0130'], 'three_ds_failed'],
  [['F.0131', 'F.0132', 'F.0133', 'F.0134'], 'payer_action'],
  [['F.0135'], 'duplicate'],
  [['F.0996'], 'three_ds_failed'],
  [['F.0997', 'F.0999'], 'unmapped'],
  [['F.0998'], 'payer_action'],
  [['F.2001', 'F.2002', 'F.2003', 'F.2006'], 'gateway_rejected'],
  [['F.2004'], 'never'],
  [['F.2005'], 'limit'],
  [['F.2008'], 'platform_risk'],
  [['F.4001', 'F.4002', 'F.4003'], 'three_ds_failed'],
  [['F.6001', 'F.6002'], 'card_data'],
  [['P.0001', 'P.9999'], 'unknown'],
]

export const unifiedCodes: ReadonlyMap<string, CodeReading> = new Map(
  rows.flatMap(([codes, reading, alarm]) =>
    codes.map((code) => [code, { class: reading, alarm: alarm === 'alarm' }] as const),
  ),
)
