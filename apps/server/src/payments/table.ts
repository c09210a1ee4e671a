/**
 * SQL of payments, attempts and routing runs. A change of a payment is ONE statement: state, attempt, next attempt, routing
 * run, transfers and callback event stand or fall together, and it happens only if the payment still has the version the
 * decision was made on. One statement instead of begin … commit also saves the round trips of a lock.
 */
import type { Database, Fragment, Sql } from '../database/connect.ts'
import type { Attempt, Payment } from './payment.ts'

export type PaymentRow = Record<string, unknown>

type TermsJson = {
  fee: Record<string, string | boolean>
  reserve_rate: string | null
  reserve_lifetime_minutes: number | null
}

/** Row → Payment. */
export function toPayment(row: PaymentRow): Payment {
  const { leased_until: _, attempts: __, terms, ...rest } = row
  const { fee, ...reserve } = terms as TermsJson
  return {
    ...rest,
    terms: {
      ...reserve,
      fee: {
        ...fee,
        fix_minor: BigInt(fee.fix_minor as string),
        min_minor: BigInt(fee.min_minor as string),
        max_minor: BigInt(fee.max_minor as string),
      },
    },
  } as unknown as Payment
}

function termsJson(payment: Payment): string {
  const { fee, ...reserve } = payment.terms
  return JSON.stringify({
    ...reserve,
    fee: { ...fee, fix_minor: `${fee.fix_minor}`, min_minor: `${fee.min_minor}`, max_minor: `${fee.max_minor}` },
  })
}

const json = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value))

/** What was written, with what `look` has seen: another column of the answer, as it was before the statement. */
export type Written = { readonly seen: unknown }

/** Inserts a new payment with what else is to be written (CTEs that read from `moved`). `null`: the reference_id is taken. */
export async function insertPayment(
  sql: Sql,
  payment: Payment,
  more: readonly Fragment[],
  look: Fragment | null = null,
): Promise<Written | null> {
  const p = payment
  const [row] = await sql<Written[]>`
    with moved as (
      insert into payments (
        account_id, id, reference_id, test_mode, status, resolution, payment_flow, source, amount_minor, currency,
        payment_amount_minor, fee_minor, deposit_minor, terms, service, service_method, service_flow, service_currency,
        service_amount_minor, payment_service_amount_minor, exchange_rate, service_fields, metadata, description, descriptor,
        customer_id, customer, callback_url, return_url, return_urls, gateway_options, options, card_token, session_id, flow_data,
        original_data, payment_status, card_fingerprint, created_at, updated_at, expires_at, due_at
      ) values (
        ${p.account_id}, ${p.id}, ${p.reference_id}, ${p.test_mode}, ${p.status}, ${p.resolution}, ${p.payment_flow}, ${p.source},
        ${p.amount_minor}, ${p.currency}, ${p.payment_amount_minor}, ${p.fee_minor}, ${p.deposit_minor}, ${termsJson(p)},
        ${p.service}, ${p.service_method}, ${p.service_flow}, ${p.service_currency}, ${p.service_amount_minor},
        ${p.payment_service_amount_minor}, ${p.exchange_rate}, ${JSON.stringify(p.service_fields)}, ${json(p.metadata)},
        ${p.description}, ${p.descriptor}, ${p.customer_id}, ${json(p.customer)}, ${p.callback_url}, ${p.return_url},
        ${json(p.return_urls)}, ${json(p.gateway_options)}, ${json(p.options)}, ${p.card_token}, ${p.session_id}, ${json(p.flow_data)},
        ${JSON.stringify(p.original_data)}, ${p.payment_status}, ${p.card_fingerprint}, ${p.created_at}, ${p.updated_at},
        ${p.expires_at}, ${p.due_at}
      ) on conflict on constraint payments_reference do nothing
      returning account_id
    )${chain(sql, more)}
    select account_id, ${look ?? sql`null`} as seen from moved`
  return row ?? null
}

/** What one change writes. `payment` carries the version it was decided on; the row gets the next one. */
export type Change = {
  readonly payment: Payment
  readonly attempt: Attempt | null
  readonly nextAttempt: Attempt | null
  readonly run: { readonly number: number; readonly record: string } | null
  /** CTEs of other modules, each guarded by `moved`. */
  readonly more: readonly Fragment[]
  readonly look: Fragment | null
}

/** Writes the change. `null`: somebody else changed the payment meanwhile and nothing was written; load and decide again. */
export async function writeChange(sql: Database, change: Change): Promise<Written | null> {
  const p = change.payment
  const parts: Fragment[] = []
  if (change.attempt) parts.push(updateAttempt(sql, change.attempt))
  if (change.nextAttempt)
    parts.push(insertAttempt(sql, change.nextAttempt, change.attempt ? sql`changed_attempt` : sql`moved`))
  if (change.run) parts.push(insertRun(sql, p, change.run))
  const [row] = await sql<Written[]>`
    with moved as (
      update payments set
        version = version + 1, status = ${p.status}, resolution = ${p.resolution}, processed_at = ${p.processed_at},
        processed_amount_minor = ${p.processed_amount_minor}, processed_fee_minor = ${p.processed_fee_minor},
        processed_deposit_minor = ${p.processed_deposit_minor}, refunded_amount_minor = ${p.refunded_amount_minor},
        refunded_fee_minor = ${p.refunded_fee_minor}, refunded_at = ${p.refunded_at},
        authorized_amount_minor = ${p.authorized_amount_minor}, voided_amount_minor = ${p.voided_amount_minor},
        reserved_amount_minor = ${p.reserved_amount_minor}, reserve_expires_at = ${p.reserve_expires_at}, unreserved = ${p.unreserved},
        flow_data = ${json(p.flow_data)}, payload = ${json(p.payload)}, original_data = ${JSON.stringify(p.original_data)},
        rrn = ${p.rrn}, approval_code = ${p.approval_code}, unified_code = ${p.unified_code},
        card_fingerprint = ${p.card_fingerprint}, payment_status = ${p.payment_status},
        payer_acted_at = ${p.payer_acted_at}, submitted_at = ${p.submitted_at}, submissions = ${p.submissions},
        routing_runs = ${p.routing_runs}, scheme_version = ${p.scheme_version}, updated_at = ${p.updated_at},
        due_at = ${p.due_at}, leased_until = null
      where account_id = ${p.account_id} and id = ${p.id} and version = ${p.version}
      returning account_id
    )${chain(sql, [...parts, ...change.more])}
    select account_id, ${change.look ?? sql`null`} as seen from moved`
  return row ?? null
}

/** Writes another service of a payment that nothing was tried with yet, or whose tries have all ended. Guarded like a change. */
export async function writeService(sql: Sql, p: Payment, more: readonly Fragment[]): Promise<boolean> {
  const rows = await sql`
    with moved as (
      update payments set
        version = version + 1, status = ${p.status}, resolution = ${p.resolution}, payment_amount_minor = ${p.payment_amount_minor},
        fee_minor = ${p.fee_minor}, deposit_minor = ${p.deposit_minor}, terms = ${termsJson(p)}, service = ${p.service},
        service_method = ${p.service_method}, service_flow = ${p.service_flow}, service_currency = ${p.service_currency},
        service_amount_minor = ${p.service_amount_minor}, payment_service_amount_minor = ${p.payment_service_amount_minor},
        exchange_rate = ${p.exchange_rate}, service_fields = ${JSON.stringify(p.service_fields)}, session_id = ${p.session_id},
        flow_data = ${json(p.flow_data)}, payment_status = ${p.payment_status}, updated_at = ${p.updated_at}, due_at = ${p.due_at},
        leased_until = null
      where account_id = ${p.account_id} and id = ${p.id} and version = ${p.version}
      returning account_id
    )${chain(sql, more)}
    select account_id from moved`
  return rows.length === 1
}

function chain(sql: Database, parts: readonly Fragment[]): Fragment {
  return parts.reduce<Fragment>((all, part) => sql`${all}, ${part}`, sql``)
}

function updateAttempt(sql: Database, a: Attempt): Fragment {
  return sql`changed_attempt as (
    update attempts set
      status = ${a.status}, winner = ${a.winner}, late_approval = ${a.late_approval}, approved_amount_minor = ${a.approved_amount_minor},
      class = ${a.class}, signals = ${json(a.signals)}, resolution = ${a.resolution}, provider_reference = ${a.provider_reference},
      action = ${json(a.action)}, card_facts = ${json(a.card_facts)}, detail = ${a.detail}, decision = ${a.decision}, reversal_status = ${a.reversal_status},
      lookups = ${a.lookups}, not_found_count = ${a.not_found_count}, not_found_at = ${a.not_found_at}, decided_at = ${a.decided_at}
    where account_id = ${a.account_id} and payment_id = ${a.payment_id} and number = ${a.number} and exists (select 1 from moved)
    returning number
  )`
}

/**
 * `after` is the CTE it must follow: parts of one statement run in no set order, and the attempt before must have left the
 * index of open attempts first.
 */
function insertAttempt(sql: Database, a: Attempt, after: Fragment): Fragment {
  return sql`new_attempt as (
    insert into attempts (account_id, payment_id, number, id, gateway_id, connector, reference, test_mode, status, amount_minor, currency, sent_at)
    select ${a.account_id}, ${a.payment_id}, ${a.number}::integer, ${a.id}, ${a.gateway_id}::integer, ${a.connector}, ${a.reference},
      ${a.test_mode}::boolean, ${a.status}, ${a.amount_minor}::bigint, ${a.currency}, ${a.sent_at}::timestamptz
    from ${after}
  )`
}

function insertRun(sql: Database, p: Payment, run: { number: number; record: string }): Fragment {
  return sql`routing_run as (
    insert into routing_runs (account_id, payment_id, run, record, created_at)
    select ${p.account_id}, ${p.id}, ${run.number}::integer, ${run.record}::json, ${p.updated_at}::timestamptz from moved
  )`
}

/** All attempts of a payment, in order. */
export async function selectAttempts(sql: Sql, account_id: string, payment_id: string): Promise<Attempt[]> {
  return await sql<
    Attempt[]
  >`select * from attempts where account_id = ${account_id} and payment_id = ${payment_id} order by number`
}

/** All attempts of several payments of one account, in order. */
export async function selectAttemptsOf(
  sql: Sql,
  account_id: string,
  payment_ids: readonly string[],
): Promise<Attempt[]> {
  return await sql<
    Attempt[]
  >`select * from attempts where account_id = ${account_id} and payment_id = any (${[...payment_ids]}) order by payment_id, number`
}

/** Claims due payments by a lease, in one statement; a dead worker's lease runs out. */
export async function claimDuePayments(
  sql: Sql,
  now: Date,
  lease_until: Date,
  limit: number,
): Promise<{ account_id: string; id: string }[]> {
  return await sql<{ account_id: string; id: string }[]>`
    update payments set leased_until = ${lease_until}
    where (account_id, id) in (
      select account_id, id from payments
      where due_at <= ${now} and (leased_until is null or leased_until < ${now})
      order by due_at limit ${limit}
    ) and due_at <= ${now} and (leased_until is null or leased_until < ${now})
    returning account_id, id`
}

/** Moves only the time of the next look; keeps the version, because nothing was decided. */
export async function postpone(sql: Sql, payment: Payment, due_at: Date): Promise<void> {
  await sql`
    update payments set due_at = ${due_at}, leased_until = null
    where account_id = ${payment.account_id} and id = ${payment.id} and version = ${payment.version}`
}
