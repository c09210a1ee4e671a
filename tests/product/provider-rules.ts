/** Rules of cascade providers: their balances, what became of their payments, and what their desks were told. Cascade API, 7 and 9. */
import { findProvider } from '../../apps/server/src/cascades/find-provider.ts'
import { readBalance } from '../../apps/server/src/cascades/read-balance.ts'
import type { Context } from '../../apps/server/src/context.ts'
import type { Sql } from '../../apps/server/src/database/connect.ts'
import type { Desks } from '../../apps/simulators/src/traders/desks.ts'

type Row = {
  readonly attempt_id: string
  readonly provider_id: string
  readonly state: string
  readonly settled: string | null
  readonly attempt: string | null
  readonly winner: boolean
  readonly late_approval: boolean
  readonly provider_reference: string | null
  readonly orphan: boolean
  readonly cancel_status: string | null
  /** Its id is also that of requisites another payer was shown: nobody is to cancel that order. */
  readonly anothers: boolean
  readonly due_at: Date | null
}

/** What attempt and settlement say beside each state at rest. `requested` is none: nobody waits for an answer then. */
const beside: Readonly<Record<string, { readonly attempt: string; readonly settled: string }>> = {
  issued: { attempt: 'incomplete', settled: 'held' },
  success: { attempt: 'approved', settled: 'debited' },
  refused: { attempt: 'declined', settled: 'released' },
  violation: { attempt: 'declined', settled: 'released' },
  not_sent: { attempt: 'not_sent', settled: 'released' },
  unknown: { attempt: 'orphaned', settled: 'released' },
  failed: { attempt: 'declined', settled: 'released' },
  expired: { attempt: 'expired', settled: 'released' },
  cancelled: { attempt: 'cancelled', settled: 'released' },
}

type Looked = { readonly ctx: Pick<Context, 'sql'>; readonly simulators: { readonly desks: Desks } }

/** Everything that is broken; empty = all rules hold. */
export async function brokenProviders({ ctx, simulators }: Looked): Promise<string[]> {
  const { sql } = ctx
  const rows = await readRows(sql)
  return [
    ...rows.flatMap(brokenStates),
    ...(await brokenBalances(sql)),
    ...(await lostRows(sql)),
    ...brokenDesks(rows, simulators.desks),
  ]
}

async function readRows(sql: Sql): Promise<Row[]> {
  return sql<Row[]>`
    select p.attempt_id, p.provider_id, p.state, s.state as settled, a.status as attempt, coalesce(a.winner, false) as winner,
      coalesce(a.late_approval, false) as late_approval, p.provider_reference, p.orphan, p.cancel_status, p.due_at,
      exists (
        select 1 from provider_payments other
        where other.provider_id = p.provider_id and other.test_mode = p.test_mode and other.provider_reference = p.provider_reference
          and other.attempt_id <> p.attempt_id and not other.orphan
      ) as anothers
    from provider_payments p
    left join provider_settlements s on s.provider_id = p.provider_id and s.attempt_id = p.attempt_id
    left join attempts a on a.account_id = p.account_id and a.payment_id = p.payment_id and a.id = p.attempt_id
    order by p.requested_at, p.attempt_id`
}

/** Attempt, provider payment and hold were written together, so they say the same. */
function brokenStates(row: Row): string[] {
  const expected = beside[row.state]
  const found: string[] = []
  if (row.settled !== expected?.settled) found.push(`its settlement is ${row.settled}`)
  // Money that came after the end, or was found by an appeal, changes the money, not the attempt.
  if (row.attempt !== expected?.attempt && !(row.state === 'success' && (row.late_approval || row.winner)))
    found.push(`its attempt is ${row.attempt}`)
  if (row.state === 'issued' && row.due_at === null) found.push('nobody asks about it any more')
  if (row.orphan && !row.anothers && row.cancel_status === null) found.push('it is an orphan, and nobody cancels it')
  return found.map((text) => `${row.provider_id} ${row.attempt_id} (${row.state}): ${text}`)
}

/** I2 and the rule that only money which came late may take a balance below zero. */
async function brokenBalances(sql: Sql): Promise<string[]> {
  const open = await sql<{ provider_id: string; test_mode: boolean; held: bigint; overdraws: boolean }[]>`
    select p.id as provider_id, mode.test_mode,
      coalesce(sum(o.settlement_minor) filter (where o.state in ('requested', 'issued')), 0)::bigint as held,
      coalesce(bool_or(o.late), false) or exists (select 1 from appeals) as overdraws
    from providers p cross join (values (true), (false)) as mode (test_mode)
    left join provider_payments o on o.provider_id = p.id and o.test_mode = mode.test_mode
    group by 1, 2`
  const found: string[] = []
  for (const { provider_id, test_mode, held, overdraws } of open) {
    const provider = await findProvider(sql, provider_id)
    if (!provider) continue
    const { available_minor, held_minor } = await readBalance(sql, provider, test_mode)
    if (held_minor !== held) found.push(`${provider_id}: ${held_minor} is held, open payments need ${held}`)
    if (available_minor < 0n && !overdraws) found.push(`${provider_id}: ${available_minor} is available`)
  }
  return found
}

async function lostRows(sql: Sql): Promise<string[]> {
  const rows = await sql<{ row: string }[]>`
    select 'attempt ' || a.id || ' has no provider payment' as row from attempts a
    where a.connector = 'cascade' and not exists (select 1 from provider_payments p where p.account_id = a.account_id and p.attempt_id = a.id)
    union all select 'settlement ' || s.attempt_id || ' has no provider payment' from provider_settlements s
    where not exists (select 1 from provider_payments p where p.account_id = s.account_id and p.attempt_id = s.attempt_id)`
  return rows.map(({ row }) => row)
}

/** Each attempt was ordered once, and an order whose id we know and nobody will pay was cancelled. */
function brokenDesks(rows: readonly Row[], desks: Desks): string[] {
  const known = new Map(rows.map((row) => [row.attempt_id, row]))
  const found: string[] = []
  for (const name of desks.names()) {
    const keys = new Set<string>()
    for (const { id, idempotency_key, cancelled_at_ms } of desks.payments(name)) {
      const row = known.get(idempotency_key ?? '')
      if (!row) found.push(`${name} ${id}: it has an order that no attempt made`)
      if (keys.has(idempotency_key ?? '')) found.push(`${name} ${id}: ordered twice with the same attempt`)
      keys.add(idempotency_key ?? '')
      if (row?.orphan && row.provider_reference === id && row.cancel_status === 'delivered' && cancelled_at_ms === null)
        found.push(`${name} ${id}: an orphan that the desk was never told to cancel`)
    }
  }
  return found
}
