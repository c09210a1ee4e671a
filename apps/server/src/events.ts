/** Logs with meaning and metrics: one function per business event. Card data, keys and personal data are redacted. */
import { type Logger, pino } from 'pino'
import { Counter, Registry } from 'prom-client'
import type { Config } from './config.ts'

export type Events = ReturnType<typeof createEvents>

const redacted = [
  'authorization',
  '*.authorization',
  'headers.authorization',
  'card',
  '*.card',
  'number',
  '*.number',
  'card_number',
  '*.card_number',
  'cvv',
  '*.cvv',
  'token',
  '*.token',
  'private_key',
  '*.private_key',
  'api_key',
  '*.api_key',
]

export function createEvents(config: Pick<Config, 'log_level' | 'role'>) {
  const log: Logger = pino({
    level: config.log_level,
    base: { role: config.role },
    redact: { paths: redacted, censor: '[hidden]' },
  })
  const registry = new Registry()
  const payments = new Counter({
    name: 'cascad_payments_total',
    help: 'Payments by status reached',
    labelNames: ['status', 'mode'],
    registers: [registry],
  })
  const attempts = new Counter({
    name: 'cascad_attempts_total',
    help: 'Attempts by gateway and result',
    labelNames: ['gateway_id', 'result'],
    registers: [registry],
  })
  const callbacks = new Counter({
    name: 'cascad_callback_attempts_total',
    help: 'Callback deliveries by result',
    labelNames: ['result'],
    registers: [registry],
  })
  const breakers = new Counter({
    name: 'cascad_breaker_changes_total',
    help: 'Changes of circuit breakers by gateway and the state reached',
    labelNames: ['gateway_id', 'method', 'state'],
    registers: [registry],
  })
  const balances = new Counter({
    name: 'cascad_provider_balance_changes_total',
    help: 'Crossings of a provider balance by provider, mode and the level reached',
    labelNames: ['provider_id', 'mode', 'level'],
    registers: [registry],
  })
  const appeals = new Counter({
    name: 'cascad_appeal_steps_total',
    help: 'Steps of appeals by act and the state reached',
    labelNames: ['act', 'state'],
    registers: [registry],
  })
  const mails = new Counter({
    name: 'cascad_mail_attempts_total',
    help: 'Tries of sending mails by result',
    labelNames: ['result'],
    registers: [registry],
  })
  const faults = new Counter({
    name: 'cascad_faults_total',
    help: 'Unexpected errors by place',
    labelNames: ['place'],
    registers: [registry],
  })
  return {
    log,
    registry,
    paymentStatus(payment: { id: string; status: string; resolution: string; test_mode: boolean }) {
      payments.inc({ status: payment.status, mode: payment.test_mode ? 'test' : 'live' })
      log.info({ payment_id: payment.id, status: payment.status, resolution: payment.resolution }, 'payment status')
    },
    attemptDecided(attempt: {
      payment_id: string
      number: number
      gateway_id: number
      status: string
      class: string | null
      decision: string | null
    }) {
      attempts.inc({ gateway_id: attempt.gateway_id, result: attempt.status })
      // `number` is a name that card numbers have: it is hidden in every log line.
      const { number: attempt_number, ...facts } = attempt
      log.info({ ...facts, attempt_number }, 'attempt decided')
    },
    callbackTried(event: {
      event_id: string
      result: 'done' | 'retry' | 'failed'
      response_code: number | null
      attempt: number
    }) {
      callbacks.inc({ result: event.result })
      log.debug(event, 'callback tried')
    },
    /** A mail was sent, waits for its next try, or never goes out; nothing of whom it is for and what it says. */
    mailTried(mail: {
      mail_id: string
      audience: string
      subject_id: string
      result: 'sent' | 'retry' | 'failed'
      attempt: number
      code: string | null
      response_code: number | null
    }) {
      mails.inc({ result: mail.result })
      if (mail.result === 'sent') log.debug(mail, 'mail tried')
      else log.warn(mail, mail.result === 'retry' ? 'mail waits for its next try' : 'mail was given up')
    },
    /** A gateway is kept from payments, or given back to them. Opening is an alarm: somebody should know that it fails. */
    breakerChanged(change: {
      gateway_id: number
      method: string
      from: string
      to: string
      open_until: Date | null
      pause_s: number
      changed_by: string
    }) {
      breakers.inc({ gateway_id: change.gateway_id, method: change.method, state: change.to })
      if (change.to === 'open' && change.changed_by === 'system')
        log.error({ alarm: 'breaker opened', ...change }, 'alarm')
      else log.warn(change, 'breaker changed')
    },
    /** A provider's balance has run low or out, or is fine again. Anything but fine is an alarm. */
    providerBalance(change: {
      provider_id: string
      test_mode: boolean
      level: 'fine' | 'low' | 'empty' | 'overdrawn'
      available_minor: string
    }) {
      balances.inc({
        provider_id: change.provider_id,
        mode: change.test_mode ? 'test' : 'live',
        level: change.level,
      })
      if (change.level === 'fine') log.warn(change, 'provider balance')
      else log.error({ alarm: 'provider balance', ...change }, 'alarm')
    },
    /** An appeal took a step; with `calls: 'alarm'` an operator has to look, and he is told again until he has. */
    appealStep(step: {
      appeal_id: string
      payment_id: string
      provider_id: string
      act: string
      from: string | null
      to: string
      side: string
      calls: 'reminder' | 'alarm' | null
    }) {
      appeals.inc({ act: step.act, state: step.to })
      const { calls, ...facts } = step
      if (calls === 'alarm') log.error({ alarm: 'appeal', ...facts }, 'alarm')
      else if (calls === 'reminder') log.warn(facts, 'appeal waits for its provider')
      else log.info(facts, 'appeal step')
    },
    /** Two approvals of one payment, or money that could not be given back: a person must look. */
    alarm(what: string, facts: Record<string, unknown>) {
      log.error({ alarm: what, ...facts }, 'alarm')
    },
    /** An unexpected error: counted, logged with its stack, never shown to a caller. */
    fault(place: string, error: unknown, facts: Record<string, unknown> = {}) {
      faults.inc({ place })
      log.error({ place, err: error, ...facts }, 'fault')
    },
  }
}
