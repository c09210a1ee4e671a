/** What a terminal in test mode makes of a card: the published test cards, everything else is an unknown card. */
import type { Result } from '../operations/operation.ts'
import { reasonTexts } from './reasons.ts'

export type Card = { readonly number: string; readonly exp_month: string; readonly exp_year: string }
export type CardBehaviour = { readonly three_ds: boolean; readonly result: Result }

const testCards: Readonly<Record<string, { readonly three_ds: boolean; readonly approves: boolean }>> = {
  '5123817234060000': { three_ds: true, approves: true },
  '5519283812030000': { three_ds: false, approves: true },
  '4412397212080000': { three_ds: true, approves: false },
  '4302912837020000': { three_ds: false, approves: false },
}

/** MMYY of a failing test card → the acquirer's reason, with the network code where one goes with it. */
const expiryReasons: Readonly<Record<string, readonly [reason: string, code?: string]>> = {
  '0856': ['1013'],
  '0755': ['4003'],
  '0654': ['4001', '96'],
  '0553': ['4006'],
  '0452': ['5003', '94'],
  '0351': ['3001'],
  '0250': ['3006'],
  '0149': ['3007'],
  '1248': ['3008'],
  '1147': ['1001', '05'],
  '1046': ['3005'],
  '0945': ['4002'],
  '0844': ['2007'],
  '0743': ['2006', '55'],
  '0642': ['6004', '59'],
  '0541': ['2001'],
  '0440': ['4004'],
  '0339': ['4007'],
  '0238': ['5002', '13'],
  '0137': ['6001'],
  '1236': ['1003'],
  '1135': ['5001'],
  '1034': ['1005'],
  '0933': ['1011'],
  '0832': ['3003'],
  '0731': ['3002'],
  '0630': ['1010'],
  '0529': ['1002', '51'],
  '0428': ['2003', '54'],
  '0327': ['2005', 'N7'],
  '0226': ['2002'],
  '0125': ['2011'],
}

export function declinedFor(
  reason: string | null,
  code: string | null,
  advice_code: string | null = null,
): Extract<Result, { status: 'declined' }> {
  return { status: 'declined', reason, code, advice_code, text: (reason && reasonTexts[reason]) ?? 'Declined' }
}

/** Test mode: a year in the past is no error. */
export function testCardBehaviour(card: Card): CardBehaviour {
  const known = testCards[card.number]
  if (!known) return { three_ds: false, result: declinedFor('2001', null) }
  const mmyy = card.exp_month.padStart(2, '0') + card.exp_year.slice(-2)
  if (known.approves) return { three_ds: known.three_ds, result: { status: mmyy === '0777' ? 'pending' : 'approved' } }
  const [reason, code] = expiryReasons[mmyy] ?? ['4005']
  return { three_ds: known.three_ds, result: declinedFor(reason, code ?? null) }
}

/** Live mode: every card that could exist and has not expired. */
export function liveCardBehaviour(card: Card, now: Date): CardBehaviour {
  if (!/^\d{12,19}$/.test(card.number) || !passesLuhn(card.number))
    return { three_ds: false, result: declinedFor('2002', '14') }
  const ends = Date.UTC(Number(card.exp_year), Number(card.exp_month), 1)
  if (!(ends > now.getTime())) return { three_ds: false, result: declinedFor('2003', '54') }
  return { three_ds: false, result: { status: 'approved' } }
}

function passesLuhn(number: string): boolean {
  const sum = [...number].reverse().reduce((total, letter, i) => {
    const doubled = Number(letter) * (i % 2 === 1 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}
