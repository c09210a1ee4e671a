/** SQL of provider_settlements together with the bookings: every change is one statement. */
import type { Database, Fragment } from '../database/connect.ts'
import { bookMoves, prepaidAvailable } from '../ledger/provider-books.ts'
import type { Books, ProviderPayment } from './provider.ts'

export type NewSettlement = ProviderPayment & {
  readonly account_id: string
  readonly payment_id: string
  readonly payment_currency: string
  readonly payment_amount_minor: bigint
  readonly rate: string
  readonly settlement_minor: bigint
  readonly hold_id: string
  readonly now: Date
}

/**
 * CTEs that hold: `provider_hold` has a row when they did. `provider_standing` has one when the attempt had its hold before.
 * Only after the lock on the balance, in a statement of its own.
 */
export function holdParts(sql: Database, books: Books, given: NewSettlement): Fragment {
  return sql`
    provider_standing as materialized (
      select 1 from provider_settlements where provider_id = ${given.provider_id} and attempt_id = ${given.attempt_id}
    ), provider_available as materialized (
      select ${prepaidAvailable(sql, books)} as minor
    ), provider_hold as (
      insert into provider_settlements (provider_id, attempt_id, account_id, payment_id, test_mode, currency, payment_currency,
        payment_amount_minor, rate, settlement_minor, state, hold_id, created_at, updated_at)
      select ${given.provider_id}, ${given.attempt_id}, ${given.account_id}, ${given.payment_id}, ${books.test_mode}, ${books.currency},
        ${given.payment_currency}, ${given.payment_amount_minor}::bigint, ${given.rate}::numeric, ${given.settlement_minor}::bigint,
        'held', ${given.hold_id}, ${given.now}::timestamptz, ${given.now}::timestamptz
      from provider_available
      where minor > 0 and minor >= ${given.settlement_minor}::bigint and not exists (select 1 from provider_standing)
      returning *
    ), ${bookMoves(
      sql,
      sql`select provider_id, hold_id as id, test_mode, currency, 'provider_hold' as code, settlement_minor as amount_minor,
        null as pending_id, attempt_id as reference, attempt_id as subject_id, created_at from provider_hold`,
    )}`
}

const ofPayment = (sql: Database, { provider_id, attempt_id }: ProviderPayment): Fragment =>
  sql`provider_id = ${provider_id} and attempt_id = ${attempt_id}`

/** The transfer of one code that `changed` asks for. `id` is made by the caller. */
function move(
  sql: Database,
  code: string,
  parts: { id: Fragment | string; amount: Fragment; ends?: Fragment; of?: Fragment },
) {
  return sql`select provider_id, ${parts.id} as id, test_mode, currency, ${code} as code, ${parts.amount} as amount_minor,
    ${parts.ends ?? sql`null`} as pending_id, ${parts.of ?? sql`attempt_id`} as reference, attempt_id as subject_id,
    updated_at as created_at from changed`
}

export type Released = { readonly settlement_minor: bigint; readonly moved_minor: bigint }

/** Ends an open hold; of an appeal that is open, what its freeze lacks stays frozen. `null` = nothing was held any more. */
export async function release(
  sql: Database,
  of: ProviderPayment,
  ids: { readonly end: string; readonly moved: string },
  now: Date,
): Promise<Released | null> {
  const [released] = await sql<Released[]>`
    with changed as (
      update provider_settlements set state = 'released', hold_end = 'release', updated_at = ${now},
        moved_id = ${ids.moved}, moved_minor = case when appeal_open then greatest(appeal_minor - freeze_minor, 0) else 0 end
      where ${ofPayment(sql, of)} and state = 'held'
      returning *
    ), ${bookMoves(
      sql,
      sql`${move(sql, 'provider_release', { id: ids.end, amount: sql`settlement_minor`, ends: sql`hold_id` })}
        union all ${move(sql, 'appeal_freeze_moved', { id: ids.moved, amount: sql`moved_minor`, of: sql`appeal_id` })}`,
    )}
    select settlement_minor, moved_minor from changed`
  return released ?? null
}

export type Debited = { readonly debited_minor: bigint; readonly first_debit: 'success' | 'late_success' }

/** Takes the payment for good, from its hold or, when that has ended, from what is available. `null` = it is taken already. */
export async function debit(sql: Database, of: ProviderPayment, debit_id: string, now: Date): Promise<Debited | null> {
  const [debited] = await sql<Debited[]>`
    with changed as (
      update provider_settlements set state = 'debited', debited_minor = settlement_minor, debited_at = ${now}, updated_at = ${now},
        first_debit = case state when 'held' then 'success' else 'late_success' end, hold_end = coalesce(hold_end, 'debit')
      where ${ofPayment(sql, of)} and state in ('held', 'released')
      returning *
    ), ${bookMoves(
      sql,
      sql`
        select provider_id, ${debit_id} as id, test_mode, currency,
          case first_debit when 'success' then 'provider_debit' else 'provider_late_debit' end as code, debited_minor as amount_minor,
          case first_debit when 'success' then hold_id end as pending_id, attempt_id as reference, attempt_id as subject_id,
          updated_at as created_at
        from changed`,
    )}
    select debited_minor, first_debit from changed`
  return debited ?? null
}

/** The settlement amount of another amount of the same payment, at its own rate, is the caller's reckoning. */
export type Appeal = ProviderPayment & { readonly appeal_id: string }

/** Freezes what the appeal's amount takes more than was debited or is held. `null` = an appeal is open, or this one was before. */
export async function freeze(
  sql: Database,
  appeal: Appeal,
  appeal_minor: bigint,
  freeze_id: string,
  now: Date,
): Promise<{ readonly freeze_minor: bigint } | null> {
  const [frozen] = await sql<{ freeze_minor: bigint }[]>`
    with changed as (
      update provider_settlements set appeal_id = ${appeal.appeal_id}, appeal_open = true, appeal_minor = ${appeal_minor}, freeze_id = ${freeze_id},
        freeze_minor = greatest(${appeal_minor}::bigint - debited_minor - case state when 'held' then settlement_minor else 0 end, 0),
        moved_id = null, moved_minor = 0, updated_at = ${now}
      where ${ofPayment(sql, appeal)} and not appeal_open and appeal_id is distinct from ${appeal.appeal_id}
      returning *
    ), ${bookMoves(sql, move(sql, 'appeal_freeze', { id: freeze_id, amount: sql`freeze_minor`, of: sql`appeal_id` }))}
    select freeze_minor from changed`
  return frozen ?? null
}

const unfreezing = (sql: Database, ids: { readonly end: string; readonly moved_end: string }): Fragment => sql`
  ${move(sql, 'appeal_unfreeze', { id: ids.end, amount: sql`freeze_minor`, ends: sql`freeze_id`, of: sql`appeal_id` })}
  union all ${move(sql, 'appeal_unfreeze_moved', { id: ids.moved_end, amount: sql`moved_minor`, ends: sql`moved_id`, of: sql`appeal_id` })}`

/** Gives back what is frozen for the appeal. `false` = it is not open. */
export async function unfreeze(
  sql: Database,
  appeal: Appeal,
  ids: { readonly end: string; readonly moved_end: string },
  now: Date,
): Promise<boolean> {
  const rows = await sql`
    with changed as (
      update provider_settlements set appeal_open = false, updated_at = ${now}
      where ${ofPayment(sql, appeal)} and appeal_open and appeal_id = ${appeal.appeal_id}
      returning *
    ), ${bookMoves(sql, unfreezing(sql, ids))}
    select 1 from changed`
  return rows.length === 1
}

export type RebookIds = {
  readonly end: string
  readonly moved_end: string
  readonly release: string
  readonly reversal: string
  readonly debit: string
}

export type Rebooked = { readonly debited_minor: bigint; readonly previous_debit_minor: bigint }

/** The appeal's amount replaces what was debited; hold and freeze end. `null` = the appeal is not open. */
export async function rebook(sql: Database, appeal: Appeal, ids: RebookIds, now: Date): Promise<Rebooked | null> {
  const [rebooked] = await sql<Rebooked[]>`
    with changed as (
      update provider_settlements set appeal_open = false, state = 'debited', previous_debit_minor = debited_minor, debited_minor = appeal_minor,
        first_debit = coalesce(first_debit, 'appeal'), debited_at = coalesce(debited_at, ${now}), hold_end = coalesce(hold_end, appeal_id),
        updated_at = ${now}
      where ${ofPayment(sql, appeal)} and appeal_open and appeal_id = ${appeal.appeal_id}
      returning *
    ), ${bookMoves(
      sql,
      sql`${unfreezing(sql, ids)}
        union all ${move(sql, 'provider_release', { id: ids.release, amount: sql`case when hold_end = appeal_id then settlement_minor else 0 end`, ends: sql`hold_id` })}
        union all ${move(sql, 'appeal_reversal', { id: ids.reversal, amount: sql`previous_debit_minor`, of: sql`appeal_id` })}
        union all ${move(sql, 'appeal_debit', { id: ids.debit, amount: sql`debited_minor`, of: sql`appeal_id` })}`,
    )}
    select debited_minor, previous_debit_minor from changed`
  return rebooked ?? null
}

export type Settlement = ProviderPayment & {
  readonly account_id: string
  readonly payment_id: string
  readonly test_mode: boolean
  readonly currency: string
  readonly payment_currency: string
  readonly payment_amount_minor: bigint
  /** Decimal text. */
  readonly rate: string
  readonly settlement_minor: bigint
  readonly state: 'held' | 'released' | 'debited'
  readonly debited_minor: bigint
  readonly appeal_id: string | null
  readonly appeal_open: boolean
  /** For the appeal that is open, the part that was moved out of the hold included. */
  readonly frozen_minor: bigint
  /** The newest event. */
  readonly updated_at: Date
}

export async function selectSettlement(sql: Database, of: ProviderPayment): Promise<Settlement | null> {
  const [settlement] = await sql<Settlement[]>`
    select provider_id, attempt_id, account_id, payment_id, test_mode, currency, payment_currency, payment_amount_minor,
      trim_scale(rate)::text as rate, settlement_minor, state, debited_minor, appeal_id, appeal_open,
      case when appeal_open then freeze_minor + moved_minor else 0 end as frozen_minor, updated_at
    from provider_settlements where ${ofPayment(sql, of)}`
  return settlement ?? null
}

/** What payments took from a provider since then, in settlement minor units. */
export async function sumDebits(sql: Database, provider_id: string, test_mode: boolean, since: Date): Promise<bigint> {
  const [sum] = await sql<{ minor: string }[]>`
    select coalesce(sum(debited_minor), 0)::text as minor from provider_settlements
    where provider_id = ${provider_id} and debited_at >= ${since} and test_mode = ${test_mode}`
  return BigInt(sum?.minor ?? 0)
}
