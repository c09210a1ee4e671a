/** Connections and calls of their endpoints as documents. */
import { type EndpointCall, wordsOf } from '../cascades/call-endpoint.ts'
import type { ConnectionView, EndpointView } from '../cascades/read-connection.ts'
import type { Connection, ConsoleCall } from './connection-documents.ts'

const timeOf = (time: Date | null): string | null => time?.toISOString() ?? null

export function connectionDocument(view: ConnectionView): Connection {
  const { test_mode, endpoint, pending, misconfigured_at, tested_at, methods, possible_methods, currencies, ...same } =
    view
  return {
    ...same,
    mode: test_mode ? 'test' : 'live',
    endpoint: endpointDocument(endpoint),
    pending: pending && endpointDocument(pending),
    event_form: endpoint.event_form,
    methods: [...methods],
    possible_methods: [...possible_methods],
    currencies: currencies && [...currencies],
    misconfigured_at: timeOf(misconfigured_at),
    tested_at: timeOf(tested_at),
  }
}

function endpointDocument({ changed_at, ...same }: EndpointView): Connection['endpoint'] {
  return { ...same, changed_at: timeOf(changed_at) }
}

export function callDocument({ reading, at, request, answer_headers, ...same }: EndpointCall): ConsoleCall {
  const { result, done, misconfigured, leads_to, reference } = reading
  return {
    ...same,
    at: at.toISOString(),
    request: { ...request, headers: { ...request.headers } },
    answer_headers: { ...answer_headers },
    reading: wordsOf(reading),
    result,
    done,
    misconfigured,
    state: leads_to,
    reference,
  }
}
