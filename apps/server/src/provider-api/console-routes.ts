/** The test console: single events, the test that puts an endpoint into use, and the run through everything. */
import type { FastifyInstance } from 'fastify'
import { fireEvent } from '../cascades/fire-event.ts'
import { type ConformanceResult as Run, runConformanceAt } from '../cascades/run-conformance.ts'
import { testConnection } from '../cascades/test-connection.ts'
import type { Context } from '../context.ts'
import { numberText } from '../http/json.ts'
import {
  type Conformance,
  type ConsoleResult,
  conformanceBody,
  conformanceRequest,
  consoleBody,
  consoleRequest,
  type TestResult,
  testBody,
  testRequest,
} from './connection-documents.ts'
import { callDocument } from './connection-views.ts'
import { findOwnConnection } from './find-own-connection.ts'
import { conflict, invalidFields } from './provider-problem.ts'
import { providerRoute } from './provider-route.ts'
import { createSharedLimit } from './shared-limit.ts'

/** Of one connection in a minute: we are not to be used to load somebody's endpoint. */
const window_ms = 60_000
const calls_max = { count: 120, window_ms }
const tests_max = { count: 20, window_ms }
const runs_max = { count: 4, window_ms }

const nothingThere = () =>
  conflict('nothing_to_test', 'There is no such endpoint: give an address and a key first, or choose the one in use.')

export function consoleRoutes(app: FastifyInstance, ctx: Context): void {
  const limits = {
    calls: createSharedLimit(ctx, 'console_calls', calls_max),
    tests: createSharedLimit(ctx, 'console_tests', tests_max),
    runs: createSharedLimit(ctx, 'console_runs', runs_max),
  }
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/connections/:gateway_id/test',
    role: 'trading',
    summary: 'Try an endpoint with a payment nobody pays; one that waited is in use once that passes',
    action: 'connection.test',
    body: testRequest,
    reply: testBody,
    async handle(call): Promise<TestResult> {
      const own = await findOwnConnection(ctx, call)
      await limits.tests.take(String(own.row.gateway_id))
      const { endpoint, ...wish } = call.body
      const order = { ...wish, ...(endpoint && { which: endpoint }) }
      const result = await testConnection(ctx, own, order, call.person.email, (tx, verdict) =>
        call.audit(tx, { passed: verdict.passed, activated: verdict.activated, endpoint: verdict.which }),
      )
      if (result.type === 'invalid') throw invalidFields(result.fields)
      if (result.type === 'nothing_to_test') throw nothingThere()
      const { passed, activated, which, text, calls } = result
      return { passed, activated, endpoint: which, text, calls: calls.map(callDocument) }
    },
  })
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/connections/:gateway_id/console',
    role: 'trading',
    summary: 'Send one event to an endpoint and see what we would make of the answer',
    action: 'connection.console',
    body: consoleRequest,
    reply: consoleBody,
    async handle(call): Promise<ConsoleResult> {
      const own = await findOwnConnection(ctx, call)
      await limits.calls.take(String(own.row.gateway_id))
      const { endpoint = 'current', event, data } = call.body
      // Before it is sent: it cannot be taken back.
      const tried = await fireEvent(ctx, own, { which: endpoint, event, data: asTyped(data) }, () =>
        call.audit(ctx.sql, { event, endpoint }),
      )
      if (tried === null) throw nothingThere()
      if (tried.type === 'invalid') throw invalidFields(dataFields(tried.fields))
      return { calls: [callDocument(tried.call)] }
    },
  })
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/connections/:gateway_id/conformance',
    role: 'trading',
    summary: 'Try everything we will do at an endpoint, K1 to K12',
    action: 'connection.conformance',
    body: conformanceRequest,
    reply: conformanceBody,
    async handle(call): Promise<Conformance> {
      const own = await findOwnConnection(ctx, call)
      await limits.runs.take(String(own.row.gateway_id))
      const { endpoint = 'current', ...wish } = call.body
      const order = { ...wish, which: endpoint, apply: call.person.role === 'owner' }
      const result = await runConformanceAt(ctx, own, order, call.person.email, (tx, { passed }, applied) =>
        call.audit(tx, { passed, endpoint, applied: [...applied] }),
      )
      if (result.type === 'invalid') throw invalidFields(result.fields)
      if (result.type === 'nothing_to_test') throw nothingThere()
      return conformanceDocument(result)
    },
  })
}

/** Numbers as they were written: none goes through a float. */
function asTyped(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, numberText(value) ?? value]))
}

/** Where in the body of the request the field stands. */
function dataFields(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, text]) => [name === 'event' || name === 'data' ? name : `data.${name}`, text]),
  )
}

function conformanceDocument({ report, applied }: Extract<Run, { type: 'run' }>): Conformance {
  return {
    passed: report.passed,
    checks: report.checks.map(({ id, title, result, optional, note, remedy }) => ({
      id,
      title,
      passed: result === 'skip' ? null : result === 'pass',
      optional,
      text: note ?? '',
      remedy: remedy ?? '',
    })),
    event_form: report.event_form,
    supports_idempotency_key: report.idempotency_key,
    applied: [...applied],
  }
}
