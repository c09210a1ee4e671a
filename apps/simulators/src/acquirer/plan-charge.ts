/** How a charge will go: pure, given the terminal's script, the card and the draws. */
import type { Result } from '../operations/operation.ts'
import type { Draw } from '../terminals/random.ts'
import type { Answer, Script } from '../terminals/script.ts'
import { amountCodes, reasonOfCode } from './reasons.ts'
import { type CardBehaviour, declinedFor } from './test-cards.ts'

export type ChargePlan = { readonly three_ds: boolean; readonly result: Result; readonly taken: string }

type Inputs = {
  readonly script: Script
  readonly answer: Answer
  readonly card: CardBehaviour
  /** Minor units as digits. */
  readonly amount: string
  readonly draw: Draw
  /** The payer is authenticated, or will be: then a script that declines for want of it approves. */
  readonly authenticated?: boolean
}

/** A card that fails stays failing, whatever the script says: the script only acts on what would be approved. */
export function planCharge({ script, answer, card, amount, draw, authenticated = false }: Inputs): ChargePlan {
  const plain: ChargePlan = { three_ds: card.three_ds, result: card.result, taken: amount }
  const declined_by_share = draw(100) < script.decline_percent
  if (card.result.status !== 'approved') return plain
  switch (answer) {
    case 'approve':
      return plain
    case 'decline':
      if (script.code === '1A' && authenticated) return plain
      return { ...plain, result: scriptedDecline(script) }
    case 'three_ds':
      return { ...plain, three_ds: true, result: byAmount(script, amount) }
    case 'pending':
      return { ...plain, result: { status: 'pending' } }
    case 'wrong_amount':
      return { ...plain, taken: wrongAmount(amount, script.amount_delta) }
    default:
      return { ...plain, result: declined_by_share ? scriptedDecline(script) : byAmount(script, amount) }
  }
}

function scriptedDecline(script: Script): Result {
  return declinedFor(
    script.reason ?? (script.code && reasonOfCode[script.code]) ?? null,
    script.code,
    script.advice_code,
  )
}

function byAmount(script: Script, amount: string): Result {
  const code = amount.padStart(2, '0').slice(-2)
  if (!script.decline_by_amount || amountCodes[code] === undefined) return { status: 'approved' }
  return declinedFor(reasonOfCode[code] ?? null, code)
}

function wrongAmount(amount: string, delta: number): string {
  const changed = BigInt(amount) + BigInt(delta)
  return (changed > 0n ? changed : BigInt(amount) + 1n).toString()
}
