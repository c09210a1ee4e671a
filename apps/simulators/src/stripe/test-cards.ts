/** Cards in test mode: those Stripe publishes for its own test mode, and those of the platform. Live mode: any possible card. */
import { type Card, liveCardBehaviour, testCardBehaviour } from '../acquirer/test-cards.ts'
import type { Result } from '../operations/operation.ts'

export type Check = 'pass' | 'fail' | 'unavailable'

/**
 * `required` = the bank always asks the payer, `later` = unless the card was set up for later, `supported` = only when asked to.
 */
type ThreeDs = 'unsupported' | 'supported' | 'later' | 'required'

export type CardBehaviour = {
  readonly three_ds: ThreeDs
  /** The authentication itself breaks down. */
  readonly three_ds_error: boolean
  readonly result: Result
  readonly checks: { readonly line1: Check; readonly postal_code: Check; readonly cvc: Check }
}

type Known = {
  readonly three_ds?: ThreeDs
  readonly three_ds_error?: true
  readonly decline?: readonly [reason: string, code: string | null]
  readonly checks?: Partial<CardBehaviour['checks']>
}

/** Source: https://docs.stripe.com/testing */
const stripeCards: Readonly<Record<string, Known>> = {
  '4242424242424242': {},
  '4000056655665556': {},
  '5555555555554444': {},
  '2223003122003222': {},
  '378282246310005': {},
  '6011111111111117': {},
  '4000000000003055': { three_ds: 'supported' },
  '4000000000003097': { three_ds: 'supported', three_ds_error: true },
  '4000000000003220': { three_ds: 'required' },
  '4000002760003184': { three_ds: 'required' },
  '4000002500003155': { three_ds: 'later' },
  '4000003800000446': { three_ds: 'later' },
  '4000008400001629': { three_ds: 'required', decline: ['generic_decline', null] },
  '4000008400001280': { three_ds: 'required', three_ds_error: true },
  '4000008260003178': { three_ds: 'required', decline: ['insufficient_funds', '51'] },
  '4000000000000002': { decline: ['generic_decline', '05'] },
  '4000000000009995': { decline: ['insufficient_funds', '51'] },
  '4000000000009987': { decline: ['lost_card', '41'] },
  '4000000000009979': { decline: ['stolen_card', '43'] },
  '4000000000000069': { decline: ['expired_card', '54'] },
  '4000000000000127': { decline: ['incorrect_cvc', 'N7'], checks: { cvc: 'fail' } },
  '4000000000000119': { decline: ['processing_error', '96'] },
  '4242424242424241': { decline: ['incorrect_number', null] },
  '4000000000006975': { decline: ['card_velocity_exceeded', '61'] },
  '4100000000000019': { decline: ['fraudulent', null] },
  '4000000000000101': { checks: { cvc: 'fail' } },
  '4000000000000010': { checks: { line1: 'fail', postal_code: 'fail' } },
  '4000000000000028': { checks: { line1: 'fail' } },
  '4000000000000036': { checks: { postal_code: 'fail' } },
  '4000000000000044': { checks: { line1: 'unavailable', postal_code: 'unavailable' } },
}

/** Payment methods that stand for a card in test mode. */
export const namedCards: Readonly<Record<string, string>> = {
  pm_card_visa: '4242424242424242',
  pm_card_visa_debit: '4000056655665556',
  pm_card_mastercard: '5555555555554444',
  pm_card_amex: '378282246310005',
  pm_card_discover: '6011111111111117',
  pm_card_authenticationRequired: '4000002500003155',
  pm_card_threeDSecure2Required: '4000000000003220',
  pm_card_visa_chargeDeclined: '4000000000000002',
  pm_card_visa_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_visa_chargeDeclinedLostCard: '4000000000009987',
  pm_card_visa_chargeDeclinedStolenCard: '4000000000009979',
  pm_card_visa_chargeDeclinedVelocityLimitExceeded: '4000000000006975',
  pm_card_chargeDeclinedExpiredCard: '4000000000000069',
  pm_card_chargeDeclinedIncorrectCvc: '4000000000000127',
  pm_card_chargeDeclinedProcessingError: '4000000000000119',
  pm_card_radarBlock: '4100000000000019',
}

const allPass = { line1: 'pass', postal_code: 'pass', cvc: 'pass' } as const

/** Of a card that is not looked up: a saved one. */
export function plainBehaviour(result: Result): CardBehaviour {
  return { three_ds: 'unsupported', three_ds_error: false, result, checks: allPass }
}

export function cardBehaviour(card: Card, test: boolean, now: Date): CardBehaviour {
  const known = test && Object.hasOwn(stripeCards, card.number) ? stripeCards[card.number] : undefined
  if (!known) {
    const { three_ds, result } = test ? testCardBehaviour(card) : liveCardBehaviour(card, now)
    return { ...plainBehaviour(result), three_ds: three_ds ? 'required' : 'unsupported' }
  }
  const [reason, code] = known.decline ?? []
  return {
    three_ds: known.three_ds ?? 'unsupported',
    three_ds_error: known.three_ds_error === true,
    result: reason
      ? { status: 'declined', reason, code: code ?? null, advice_code: null, text: 'Your card was declined.' }
      : { status: 'approved' },
    checks: { ...allPass, ...known.checks },
  }
}
