/**
 * Whether a test wants the acquirer's line to be down. One port serves all test cards, so it cannot refuse a connection
 * for one of them only; who simulates asks first and, told that the line is down, calls where nobody listens.
 */
import { type Body, bodyOf } from '../request-fields.ts'
import type { Terminal } from '../terminals/terminal.ts'
import { placeOf, simulatedCard } from './simulated-cards.ts'
import { type CallCounter, type Scenario, stepOf } from './steps.ts'

export function isLineOpen(terminal: Terminal, calls: CallCounter, body: Body): boolean {
  const gateway_id = typeof body.gateway_id === 'number' ? body.gateway_id : null
  const index = calls.indexOf(terminal.name, String(body.reference))
  const step = stepOf(bodyOf(body.scenario) as Scenario, gateway_id, index)
  if (step !== null && step.kind !== 'authenticate') return step.kind !== 'refuse_connection'
  if (typeof body.expected_code === 'string') return true
  return simulatedCard(String(body.card), placeOf(gateway_id, terminal.name)).step.kind !== 'refuse_connection'
}
