/** Cards in test mode: those Stripe publishes for its own test mode, and those of the platform. Live mode: any possible card. */
import { type Card, type CardBehaviour, liveCardBehaviour, testCardBehaviour } from '../acquirer/test-cards.ts'

type Known = { readonly three_ds?: true; readonly decline?: readonly [reason: string, code: string | null] }

/** Source: https://docs.stripe.com/testing */
const stripeCards: Readonly<Record<string, Known>> = {
  '4242424242424242': {},
  '4000056655665556': {},
  '5555555555554444': {},
  '4000000000003220': { three_ds: true },
  '4000002760003184': { three_ds: true },
  '4000008400001629': { three_ds: true, decline: ['generic_decline', null] },
  '4000000000000002': { decline: ['generic_decline', '05'] },
  '4000000000009995': { decline: ['insufficient_funds', '51'] },
  '4000000000009987': { decline: ['lost_card', '41'] },
  '4000000000009979': { decline: ['stolen_card', '43'] },
  '4000000000000069': { decline: ['expired_card', '54'] },
  '4000000000000127': { decline: ['incorrect_cvc', 'N7'] },
  '4000000000000119': { decline: ['processing_error', '96'] },
  '4242424242424241': { decline: ['incorrect_number', null] },
  '4000000000006975': { decline: ['card_velocity_exceeded', '61'] },
  '4100000000000019': { decline: ['fraudulent', null] },
}

export function cardBehaviour(card: Card, test: boolean, now: Date): CardBehaviour {
  if (!test) return liveCardBehaviour(card, now)
  const known = Object.hasOwn(stripeCards, card.number) ? stripeCards[card.number] : undefined
  if (!known) return testCardBehaviour(card)
  const [reason, code] = known.decline ?? []
  return {
    three_ds: known.three_ds === true,
    result: reason
      ? { status: 'declined', reason, code: code ?? null, advice_code: null, text: 'Your card was declined.' }
      : { status: 'approved' },
  }
}
