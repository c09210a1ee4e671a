/** The test cards of simulated payments: whether they take part in 3-D Secure, and what each of the three test gateways does. */
import { type AuthenticationWord, parseStep, type Step } from './steps.ts'

export type SimulatedCard = {
  /** `null` = not enrolled. */
  readonly three_ds: AuthenticationWord | null
  readonly step: Step
  /** Declined by the issuer unless the payer was authenticated. */
  readonly needs_authentication: boolean
}

type Row = readonly [number: string, three_ds: AuthenticationWord | null, ...steps: string[]]

/** One step for all gateways, or one each for the first, second and third. */
const rows: readonly Row[] = [
  ['4200000000000000', null, 'approve'],
  ['9112300000000000', null, 'approve'],
  ['4005550000000019', null, 'decline:05'],
  ['4012000000003010', 'C', 'approve'],
  ['4012000000001006', 'Y', 'approve'],
  ['5204240000015003', 'Y', 'approve'],
  ['4012000000001055', 'A', 'approve'],
  ['5204240000015011', 'A', 'approve'],
  ['4012000000001097', 'C', 'approve'],
  ['5204240000015029', 'C', 'approve'],
  ['4012000000001022', 'U', 'approve'],
  ['5204240000015045', 'U', 'approve'],
  ['4012000000001030', 'R', 'approve'],
  ['5204240000015052', 'R', 'approve'],
  ['4012000000001014', 'N', 'approve'],
  ['5204240000015060', 'N', 'approve'],
  ['5519283812030000', null, 'approve'],
  ['5123817234060000', 'C', 'approve'],
  ['4302912837020000', null, 'code:F.0999'],
  ['4412397212080000', 'C', 'code:F.0999'],
  ['4200000000100016', null, 'decline:05', 'approve', 'approve'],
  ['4200000000100024', null, 'decline:96', 'decline:05', 'approve'],
  ['4200000000100123', null, 'decline:05', 'decline:05', 'approve'],
  ['4200000000100032', null, 'decline:51', 'approve', 'approve'],
  ['4200000000100040', null, 'decline:43', 'approve', 'approve'],
  ['4200000000100057', null, 'refuse_connection', 'approve', 'approve'],
  ['4200000000100065', null, 'timeout:charged', 'approve', 'approve'],
  ['4200000000100073', null, 'timeout:not_charged', 'approve', 'approve'],
  ['4200000000100081', null, 'http500:charged', 'approve', 'approve'],
  ['4200000000100099', null, 'decline:96', 'decline:96', 'approve'],
  ['4200000000100107', null, 'decline:91', 'decline:91', 'approve'],
  ['4200000000100115', 'Y', 'approve'],
  ['5204240000200019', null, 'decline:05:03', 'approve', 'approve'],
  ['5204240000200027', null, 'decline:51:25', 'approve', 'approve'],
  ['5204240000200035', null, 'decline:83:01', 'approve', 'approve'],
]

const byNumber = new Map(rows.map((row) => [row[0], row]))
/** For cards behind a token: of them only these digits are kept. */
const byDigits = new Map(rows.map((row) => [`${row[0].slice(0, 6)}******${row[0].slice(-4)}`, row]))

const needing_authentication = '4200000000100115'

const unknown_card: SimulatedCard = {
  three_ds: null,
  step: { kind: 'code', code: 'F.0127' },
  needs_authentication: false,
}

/** `number` whole or masked to first 6 and last 4; `place` = 0, 1, 2 for the three test gateways. */
export function simulatedCard(number: string, place: number): SimulatedCard {
  const row = byNumber.get(number) ?? byDigits.get(number)
  if (!row) return unknown_card
  const [whole, three_ds, ...steps] = row
  const step = parseStep(steps[Math.min(place, steps.length - 1)] ?? '')
  return { three_ds, step: step ?? { kind: 'approve' }, needs_authentication: whole === needing_authentication }
}

const gateways: Readonly<Record<number, number>> = { 408: 0, 409: 1, 410: 2 }
const terminals: Readonly<Record<string, number>> = { first: 0, second: 1, third: 2 }

/** Which of the three test gateways calls, by its public number or else by the terminal it uses. */
export function placeOf(gateway_id: number | null, terminal: string): number {
  return (gateway_id === null ? undefined : gateways[gateway_id]) ?? terminals[terminal] ?? 2
}

const cvcResults: Readonly<Record<string, string>> = { 111: 'M', 222: 'N', 333: 'U', 444: 'E', 555: '0' }

/** `null` = no code came along. */
export function cvcResultOf(cvv: string | null): string | null {
  return cvv === null ? null : (cvcResults[cvv] ?? 'M')
}

const avsResults: Readonly<Record<string, string>> = { 11: 'M', 12: 'B', 21: 'P', 33: 'U', 44: 'E', 55: '0' }

/** By the first digit of the address and of the postal code; `null` = one of them did not come along. */
export function avsResultOf(address: string | null, zip: string | null): string | null {
  if (address === null || zip === null) return null
  const digits = `${/\d/.exec(address)?.[0] ?? ''}${/\d/.exec(zip)?.[0] ?? ''}`
  return (digits.length === 2 ? avsResults[digits] : undefined) ?? '1'
}
