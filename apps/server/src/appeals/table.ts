/** SQL of appeals and their audit. Every step is one statement: the appeal, the audit, what was said, what the merchant is told. */
import type { Database, Fragment } from '../database/connect.ts'
import type { Actor, Appeal, AppealState, AppealStep } from './appeal.ts'
import type { AppealPatch } from './rules/decide-appeal.ts'

const columns = [
  'account_id',
  'id',
  'version',
  'payment_id',
  'attempt_id',
  'attempt_number',
  'provider_id',
  'gateway_id',
  'test_mode',
  'number',
  'state',
  'reason',
  'currency',
  'original_minor',
  'amount_minor',
  'settlement_minor',
  'freeze_minor',
  'comment',
  'receipt_id',
  'opened_side',
  'opened_by',
  'payer_locale',
  'payment_reference',
  'appeal_reference',
  'opened_at',
  'submitted_at',
  'verdict_at',
  'arbitration_at',
  'closed_at',
  'updated_at',
  'promised_at',
  'deadline_at',
  'remind_at',
  'check_at',
  'send',
  'send_at',
  'send_tries',
  'create_undelivered',
  'close_undelivered',
  'refused_text',
  'rejection',
  'rejection_text',
  'amount_seen_minor',
  'confirm_proposed_by',
  'decided_by',
  'close_note',
] as const satisfies readonly (keyof Appeal)[]

export type NewStep = Pick<Actor, 'side' | 'ip'> & {
  readonly by_name: string
  readonly act: string
  readonly detail: string | null
  readonly at: Date
}

/** Writes the appeal with its first step. `more` = CTEs guarded by `moved`. A second open one breaks appeals_open (23505). */
export async function insertAppeal(
  sql: Database,
  appeal: Appeal,
  step: NewStep,
  more: readonly Fragment[],
): Promise<void> {
  await sql`
    with moved as (insert into appeals ${sql(appeal, columns)} returning account_id, id, version, state),
    ${stepPart(sql, null, step)}${parts(sql, more)}
    select 1 from moved`
}

/** `false` = somebody else was faster, and nothing was written. */
export async function updateAppeal(
  sql: Database,
  before: Appeal,
  patch: AppealPatch,
  step: NewStep,
  more: readonly Fragment[],
): Promise<boolean> {
  const rows = await sql`
    with moved as (
      update appeals set ${sql({ ...patch, version: before.version + 1, updated_at: step.at })}
      where account_id = ${before.account_id} and id = ${before.id} and version = ${before.version}
      returning account_id, id, version, state
    ), ${stepPart(sql, before.state, step)}${parts(sql, more)}
    select 1 from moved`
  return rows.length === 1
}

function stepPart(sql: Database, from: AppealState | null, { act, side, by_name, ip, detail, at }: NewStep): Fragment {
  return sql`new_step as (
    insert into appeal_steps (account_id, appeal_id, number, act, from_state, to_state, side, by_name, ip, detail, at)
    select account_id, id, version, ${act}, ${from}::text, state, ${side}, ${by_name}, ${ip}::text, ${detail}::text, ${at}::timestamptz
    from moved
  )`
}

function parts(sql: Database, more: readonly Fragment[]): Fragment {
  return more.reduce((sum: Fragment, part) => sql`${sum}, ${part}`, sql``)
}

export type AppealKey = { readonly account_id: string; readonly id: string }

export async function selectAppeal(sql: Database, key: AppealKey): Promise<Appeal | null> {
  const [appeal] = await sql<Appeal[]>`
    select ${sql(columns)} from appeals where account_id = ${key.account_id} and id = ${key.id}`
  return appeal ?? null
}

/** An appeal whose account is not known yet. */
export async function selectAppealById(sql: Database, id: string): Promise<Appeal | null> {
  const [appeal] = await sql<Appeal[]>`select ${sql(columns)} from appeals where id = ${id}`
  return appeal ?? null
}

/** In the order they were opened. */
export async function selectAppealsOfPayment(sql: Database, account_id: string, payment_id: string): Promise<Appeal[]> {
  return sql<Appeal[]>`
    select ${sql(columns)} from appeals where account_id = ${account_id} and payment_id = ${payment_id} order by number`
}

/** Appeals against one attempt at a provider, in the order they were opened. */
export async function selectAppealsOfAttempt(
  sql: Database,
  of: { readonly provider_id: string; readonly attempt_id: string },
): Promise<Appeal[]> {
  return sql<Appeal[]>`
    select ${sql(columns)} from appeals where attempt_id = ${of.attempt_id} and provider_id = ${of.provider_id} order by number`
}

export async function selectSteps(sql: Database, key: AppealKey): Promise<AppealStep[]> {
  return sql<AppealStep[]>`
    select number, act, from_state, to_state, side, by_name, ip, detail, at from appeal_steps
    where account_id = ${key.account_id} and appeal_id = ${key.id} order by number`
}

export type ProviderPage = {
  readonly provider_id: string
  readonly test_mode: boolean
  /** `open` = those that are not closed, the nearest deadline first; else the newest first. */
  readonly state: AppealState | 'open' | null
  /** The last one of the page before. */
  readonly after: Appeal | null
  readonly limit: number
}

const farAway = new Date('9999-01-01T00:00:00Z')

export async function selectAppealsOfProvider(sql: Database, page: ProviderPage): Promise<Appeal[]> {
  const { provider_id, test_mode, state, after, limit } = page
  const of = sql`provider_id = ${provider_id} and test_mode = ${test_mode}`
  if (state === 'open') {
    const last = after
      ? sql`and (coalesce(deadline_at, ${farAway}), id) > (${after.deadline_at ?? farAway}, ${after.id})`
      : sql``
    return sql<Appeal[]>`
      select ${sql(columns)} from appeals where ${of} and closed_at is null ${last}
      order by coalesce(deadline_at, ${farAway}), id limit ${limit}`
  }
  const wanted = state === null ? sql`` : sql`and state = ${state}`
  const last = after ? sql`and (opened_at, id) < (${after.opened_at}, ${after.id})` : sql``
  return sql<Appeal[]>`
    select ${sql(columns)} from appeals where ${of} ${wanted} ${last} order by opened_at desc, id desc limit ${limit}`
}

/** For operators: what waits, longest over its deadline first. */
export async function selectOpenAppeals(
  sql: Database,
  { state, limit }: { readonly state: AppealState | null; readonly limit: number },
): Promise<Appeal[]> {
  return sql<Appeal[]>`
    select ${sql(columns)} from appeals
    where closed_at is null ${state === null ? sql`` : sql`and state = ${state}`}
    order by coalesce(deadline_at, ${farAway}), id limit ${limit}`
}

export async function sumOpenOfProvider(
  sql: Database,
  of: { readonly provider_id: string; readonly test_mode: boolean },
): Promise<{ readonly open: number; readonly next_deadline: Date | null }> {
  const [sum] = await sql<{ open: number; next_deadline: Date | null }[]>`
    select count(*)::integer as open, min(deadline_at) filter (where state = 'submitted') as next_deadline from appeals
    where provider_id = ${of.provider_id} and test_mode = ${of.test_mode} and closed_at is null`
  return sum ?? { open: 0, next_deadline: null }
}

export type ClaimedAppeal = Appeal & { readonly leased_until: Date }

/** Leases due appeals. One statement; the repeated condition keeps two workers from taking one row. */
export async function claimDueAppeals(
  sql: Database,
  claim: { readonly now: Date; readonly leased_until: Date; readonly limit: number },
): Promise<ClaimedAppeal[]> {
  const { now, leased_until, limit } = claim
  return sql<ClaimedAppeal[]>`
    update appeals set leased_until = ${leased_until}
    where (account_id, id) in (
        select account_id, id from appeals
        where due_at <= ${now} and (leased_until is null or leased_until < ${now}) order by due_at limit ${limit})
      and due_at <= ${now} and (leased_until is null or leased_until < ${now})
    returning ${sql(columns)}, leased_until`
}

/** Gives the lease back. `check_at`, when given, is when the payment is looked at again, if the appeal is still open. */
export async function releaseAppeal(sql: Database, claimed: ClaimedAppeal, check_at: Date | null): Promise<void> {
  await sql`
    update appeals set leased_until = null,
      check_at = case when closed_at is null and state <> 'accepted' then coalesce(${check_at}::timestamptz, check_at) else check_at end
    where account_id = ${claimed.account_id} and id = ${claimed.id} and leased_until = ${claimed.leased_until}`
}
