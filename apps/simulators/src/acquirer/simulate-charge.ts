/** How a simulated payment goes: by its scenario, else by the code it asks for, else by its card. Pure. */
import type { Result } from '../operations/operation.ts'
import type { Treatment } from '../operations/receive-charge.ts'
import { reasonOfCode } from './reasons.ts'
import type { SimulatedCard } from './simulated-cards.ts'
import type { AuthenticationWord, Step } from './steps.ts'
import { declinedFor } from './test-cards.ts'

export type Authenticating = 'off' | 'auto' | 'required'

export type SimulatedCharge = {
  /** `null` = no authentication is tried. */
  readonly authentication: AuthenticationWord | null
  readonly enrolled: boolean
  readonly result: Result
  readonly treatment: Treatment
}

type Inputs = {
  /** Of the scenario; `null` = it says nothing about this call. */
  readonly step: Step | null
  readonly expected_code: string | null
  readonly card: SimulatedCard
  readonly authenticating: Authenticating
}

export function simulateCharge({ step, expected_code, card, authenticating }: Inputs): SimulatedCharge {
  const asked = step?.kind === 'authenticate' ? step.word : null
  const by_card = (step === null || asked !== null) && expected_code === null
  const enrolment = asked ?? (by_card ? card.three_ds : null)
  // For a card that does not take part, the network stands in: an attempt, which goes on.
  const authentication = authenticating === 'off' ? null : (enrolment ?? (authenticating === 'required' ? 'A' : null))
  const followed = step !== null && asked === null ? step : stepBehind(expected_code, card)
  const refused = by_card && card.needs_authentication && authentication === null
  return {
    authentication,
    enrolled: enrolment !== null,
    result: refused ? declinedFor('3009', '1A') : resultOf(followed),
    treatment: treatmentOf(followed),
  }
}

function stepBehind(expected_code: string | null, card: SimulatedCard): Step {
  return expected_code === null ? card.step : { kind: 'code', code: expected_code }
}

function resultOf(step: Step): Result {
  if (step.kind === 'decline') return declinedFor(reasonOfCode[step.code] ?? null, step.code, step.advice_code)
  if (step.kind !== 'code' || step.code.startsWith('S')) return { status: 'approved' }
  if (step.code.startsWith('P')) return { status: 'pending' }
  return { ...declinedFor(null, null), wished_code: step.code }
}

function treatmentOf(step: Step): Treatment {
  switch (step.kind) {
    case 'lost':
      return { answer: step.answer, delay_ms: 0, lookup_delay_ms: step.found_after_ms }
    case 'slow':
      return { answer: 'ordinary', delay_ms: step.delay_ms, lookup_delay_ms: 0 }
    // Who asks first whether the line is open never comes here.
    case 'refuse_connection':
      return { answer: 'reset_before', delay_ms: 0, lookup_delay_ms: 0 }
    default:
      return { answer: 'ordinary', delay_ms: 0, lookup_delay_ms: 0 }
  }
}
