/** Reads a payment request of the acquirer's API and says how it will go: test cards, scripts, 3-D Secure. */
import type { FastifyReply } from 'fastify'
import { type NewCharge, receiveCharge } from '../operations/receive-charge.ts'
import { type Body, bodyOf, httpUrl, isMinor, isText, refuseUnreadable } from '../request-fields.ts'
import { scriptOf, type Terminal } from '../terminals/terminal.ts'
import type { World } from '../world.ts'
import { authenticationOf, failedAuthentication } from './authentication.ts'
import { planCharge } from './plan-charge.ts'
import { type Authenticating, type SimulatedCharge, simulateCharge } from './simulate-charge.ts'
import { avsResultOf, cvcResultOf, placeOf, simulatedCard } from './simulated-cards.ts'
import { type AuthenticationWord, type CallCounter, type Scenario, stepOf } from './steps.ts'
import { type Card, type CardBehaviour, declinedFor, liveCardBehaviour, testCardBehaviour } from './test-cards.ts'

type Digits = { readonly first6: string; readonly last4: string }

export async function receivePayment(
  world: World,
  reply: FastifyReply,
  terminal: Terminal,
  calls: CallCounter,
  body: Body,
  key: string | null,
): Promise<FastifyReply> {
  const { reference, operation, amount, currency } = body
  const known = operation === 'charge' || operation === 'verify' || operation === 'authorize'
  if (!isText(reference) || !isText(currency) || !isMinor(amount) || !known) return refuseUnreadable(reply)
  const card = cardOf(body.card)
  if (!card && !isText(body.card_token)) return refuseUnreadable(reply)
  const test = body.test === true
  const description = textOf(body.description)
  const digits = card && { first6: card.number.slice(0, 6), last4: card.number.slice(-4) }
  const merchant_alone = body.initiator === 'merchant'
  const cvv = merchant_alone ? null : textOf(card ? bodyOf(body.card).cvv : body.cvv)
  const address = bodyOf(body.billing_address)
  const simulation = test ? simulationOf(world, terminal, calls, body, card) : null
  const planned = simulation
    ? planSimulated(terminal, simulation, body, digits, amount)
    : planOrdinary(world, terminal, body, card, amount)
  return await receiveCharge(world, reply, terminal, {
    reference,
    key,
    operation,
    test,
    simulated: simulation !== null,
    method: 'payment_card',
    asked: amount,
    currency,
    exponent: null,
    description,
    descriptor: textOf(body.descriptor),
    avs_result: avsResultOf(textOf(address.address), textOf(address.zip)),
    cvc_result: cvcResultOf(cvv),
    tokenize: body.tokenize === true,
    card: digits,
    return_url: httpUrl(body.return_url),
    notification_url: httpUrl(body.notification_url),
    ...planned,
  })
}

type Planned = Pick<NewCharge, 'plan' | 'treatment'>

function planOrdinary(world: World, terminal: Terminal, body: Body, card: Card | null, amount: string): Planned {
  const behaviour = card
    ? behaviourOf(card, body.test === true, world.now())
    : tokenBehaviour(world, terminal, body.card_token)
  const authenticating = authenticatingOf(body)
  return {
    plan: (answer, draw) => {
      const allowed = authenticating !== 'off'
      const required = authenticating === 'required'
      const plan = planCharge({
        script: scriptOf(terminal, { reference: String(body.reference), description: textOf(body.description) }),
        answer,
        card: behaviour,
        amount,
        draw,
        authenticated: required || (allowed && behaviour.three_ds),
      })
      const ask_payer = allowed && plan.three_ds
      const word = ask_payer ? 'C' : required ? 'A' : null
      const authentication = word && authenticationOf(word, card?.number ?? '', ask_payer)
      return { ask_payer, result: plan.result, taken: plan.taken, authentication }
    },
  }
}

/** The scripts of a terminal act on what the simulation would approve; only its list of declined amounts does not count. */
function planSimulated(
  terminal: Terminal,
  { charge }: { readonly charge: SimulatedCharge },
  body: Body,
  digits: Digits | null,
  amount: string,
): Planned {
  return {
    treatment: () => charge.treatment,
    plan: (answer, draw) => {
      const told = { reference: String(body.reference), description: textOf(body.description) }
      const plan = planCharge({
        script: { ...scriptOf(terminal, told), decline_by_amount: false },
        answer,
        card: { three_ds: charge.authentication === 'C', result: charge.result },
        amount,
        draw,
        authenticated: charge.authentication !== null,
      })
      const ask_payer = plan.three_ds && authenticatingOf(body) !== 'off'
      const word: AuthenticationWord | null = ask_payer ? 'C' : charge.authentication
      const authentication = word && authenticationOf(word, digits?.first6 ?? '', ask_payer || charge.enrolled)
      const failed = word && failedAuthentication(word)
      return { ask_payer, result: failed ?? plan.result, taken: plan.taken, authentication }
    },
  }
}

/** What a test asks for, at this call of its payment; `null` = the request is no simulation. */
function simulationOf(world: World, terminal: Terminal, calls: CallCounter, body: Body, card: Card | null) {
  if (body.simulation === null || typeof body.simulation !== 'object') return null
  const { expected_code, scenario } = bodyOf(body.simulation)
  const gateway_id = typeof body.gateway_id === 'number' ? body.gateway_id : null
  const index = calls.indexOf(terminal.name, String(body.reference))
  const number = card?.number ?? numberOfToken(world, terminal, body.card_token)
  const charge = simulateCharge({
    step: stepOf(bodyOf(scenario) as Scenario, gateway_id, index),
    expected_code: typeof expected_code === 'string' && /^[SFP]\.\d{4}$/.test(expected_code) ? expected_code : null,
    card: simulatedCard(number, placeOf(gateway_id, terminal.name)),
    authenticating: authenticatingOf(body),
  })
  return { charge }
}

/** A payment without the payer is never authenticated. */
function authenticatingOf(body: Body): Authenticating {
  if (body.initiator === 'merchant' || body.authentication === 'off') return 'off'
  return body.authentication === 'required' ? 'required' : 'auto'
}

function behaviourOf(card: Card, test: boolean, now: Date): CardBehaviour {
  return test ? testCardBehaviour(card) : liveCardBehaviour(card, now)
}

/** Only approved cards get tokens, so a known token is an approved card. */
function tokenBehaviour(world: World, terminal: Terminal, token: unknown): CardBehaviour {
  const known = isText(token) && world.book.byToken(terminal.name, token) !== null
  return { three_ds: false, result: known ? { status: 'approved' } : declinedFor('2001', null) }
}

function numberOfToken(world: World, terminal: Terminal, token: unknown): string {
  const card = isText(token) ? world.book.byToken(terminal.name, token)?.card : null
  return card ? `${card.first6}******${card.last4}` : ''
}

function cardOf(value: unknown): Card | null {
  const { number, exp_month, exp_year } = bodyOf(value)
  return isText(number) && isText(exp_month) && isText(exp_year) ? { number, exp_month, exp_year } : null
}

function textOf(value: unknown): string | null {
  return isText(value) ? value : null
}
