import type { ChargeRequest, Send } from '@cascad/connector'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'

/** What a test wants of the acquirer's sandbox; left out of every live request. */
export function simulationFields(request: ChargeRequest<Credentials>): object {
  return request.test_mode && request.simulation ? { simulation: request.simulation } : {}
}

/** The sandbox's numbers whose behaviour differs by gateway: one of them stands for a line that is down. */
const sandbox_numbers = /^(4200000000100|5204240000200)\d{3}$/

/**
 * Where a charge goes. The sandbox serves all its test cards on one port, so it cannot refuse the connection of one of
 * them; asked first, it says whether the line is to be down, and the charge then goes to a port where nobody listens.
 */
export async function lineOf(request: ChargeRequest<Credentials>, send: Send): Promise<Credentials> {
  const { credentials, test_mode, simulation, reference, gateway_id, card } = request
  if (!test_mode || !simulation) return credentials
  const scripted = JSON.stringify(simulation.scenario ?? {}).includes('refuse_connection')
  if (!scripted && !(card && sandbox_numbers.test(card.number))) return credentials
  const answer = await call(send, {
    credentials,
    method: 'POST',
    path: '/sandbox/line',
    body: {
      terminal: credentials.terminal,
      reference,
      gateway_id: gateway_id ?? null,
      card: card && `${card.number.slice(0, 6)}******${card.number.slice(-4)}`,
      ...simulation,
    },
  })
  const down = answer.type === 'document' && answer.document.open === false
  return down ? { ...credentials, base_url: deadLine(credentials.base_url) } : credentials
}

function deadLine(base_url: string): string {
  const url = new URL(base_url)
  url.port = '1'
  return url.href
}
