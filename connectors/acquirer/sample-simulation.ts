/** Simulated payments against the simulator, for the tests of this folder. */
import assert from 'node:assert/strict'
import type { CardFacts, ChargeRequest, Outcome, Simulation } from '@cascad/connector'
import { createPlainSend, sampleCharge, sampleStatus } from '@cascad/connector/contract-suite'
import type { Simulators } from '../../apps/simulators/src/simulators.ts'
import type { Credentials } from './credentials.ts'
import connector from './index.ts'

export const send = createPlainSend({ read_timeout_ms: 600 })
export const unused: Simulation = { expected_code: null, scenario: null }
const terminals: Readonly<Record<number, string>> = { 408: 'first', 409: 'second', 410: 'third' }

export type More = Partial<ChargeRequest<Credentials>>

/** A charge of the card at one of the three test gateways; authentication off, nothing wished for, unless `more` says so. */
export function simulatedCharge(
  simulators: Simulators,
  number: string,
  gateway_id: number,
  more: More = {},
): ChargeRequest<Credentials> {
  const credentials = simulators.control.credentials(terminals[gateway_id] as string) as Credentials
  const card = { number, exp_month: '08', exp_year: '2030', cvv: '123', holder: 'JOHN DOE' }
  return sampleCharge(credentials, { card, gateway_id, three_ds: 'off', simulation: unused, ...more })
}

export async function lookUp(charge: ChargeRequest<Credentials>): Promise<Outcome> {
  return (await connector.status?.(sampleStatus(charge), send)) as Outcome
}

/** In the words of the published tables: `approved`, `05 F.0105`, `05/03 F.0105`, `not_sent`, `lost, then approved`. */
export async function told(charge: ChargeRequest<Credentials>): Promise<string> {
  const outcome = await connector.charge(charge, send)
  if (outcome.type === 'unknown') return `lost, then ${(await lookUp(charge)).type}`
  if (outcome.type !== 'declined') return outcome.type
  const { network_code, advice_code, unified_code } = outcome.signals
  return [network_code, advice_code && `/${advice_code}`, unified_code && ` ${unified_code}`].join('').trim()
}

export function resultOf(outcome: Outcome): string {
  if (outcome.type !== 'declined') return outcome.type
  const { network_code, unified_code } = outcome.signals
  return [network_code, unified_code].filter((part) => part !== null).join(' ')
}

export function factsOf(outcome: Outcome): CardFacts {
  assert.ok('card_facts' in outcome && outcome.card_facts)
  return outcome.card_facts
}
