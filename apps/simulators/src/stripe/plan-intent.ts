/** How a confirmed payment intent will go: pure, given the card, what was asked and the terminal's plan. */
import type { ChargePlan } from '../acquirer/plan-charge.ts'
import type { Result } from '../operations/operation.ts'
import type { Plan } from '../operations/receive-charge.ts'
import { type Body, isText } from '../request-fields.ts'
import { authentication_failure } from './declines.ts'
import type { CardBehaviour } from './test-cards.ts'

const authenticationRequired: Result = {
  status: 'declined',
  reason: 'authentication_required',
  code: null,
  advice_code: null,
  text: 'Your card was declined. This transaction requires authentication.',
}

const authenticationBroken: Result = {
  status: 'declined',
  reason: authentication_failure,
  code: null,
  advice_code: null,
  text: 'The authentication could not be processed.',
}

/** `plan` is what the terminal makes of the card where nobody asks for more. */
export function planIntent(fields: Body, card: CardBehaviour, plan: ChargePlan): Plan {
  const { result, taken } = plan
  const off_session = fields.off_session === 'true'
  const set_up = off_session && card.three_ds === 'later' && isText(fields.customer)
  const wish = fields['payment_method_options[card][request_three_d_secure]']
  const asked = (wish === 'any' || wish === 'challenge') && card.three_ds !== 'unsupported'
  if ((!plan.three_ds && !asked) || set_up) return { ask_payer: false, result, taken }
  if (off_session || fields.error_on_requires_action === 'true') {
    return { ask_payer: false, result: authenticationRequired, taken: '0' }
  }
  if (card.three_ds_error) return { ask_payer: false, result: authenticationBroken, taken: '0' }
  return { ask_payer: true, result, taken }
}
