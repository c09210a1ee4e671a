/**
 * What must be true of payments by transfer once nothing is open any more, beside the rules of every world: reckoned anew from
 * what payers and desks did, not from what the product says it did. Cascade API, 7.3, 9.2, 11.4, 15.
 */
import { findProvider } from '../../apps/server/src/cascades/find-provider.ts'
import { readBalance } from '../../apps/server/src/cascades/read-balance.ts'
import type { Sql } from '../../apps/server/src/database/connect.ts'
import type { Product } from '../product/product.ts'

type Row = {
  readonly payment_id: string
  readonly payment_status: string
  readonly processed_minor: bigint | null
  readonly attempt_id: string
  readonly attempt_status: string
  readonly winner: boolean
  readonly late_approval: boolean
  readonly provider_id: string
  readonly state: string
  readonly orphan: boolean
  readonly provider_reference: string | null
  readonly amount_minor: bigint
  readonly rate: string
  readonly scale: number
  readonly held_minor: bigint
  readonly debited_minor: bigint
  /** Of the last confirmed appeal. */
  readonly appealed_minor: bigint | null
  readonly cases: readonly string[]
}

/** Everything that is broken; empty = all rules hold. `outputs` = what the processes wrote. */
export async function brokenTransfers(product: Product, outputs: readonly string[]): Promise<string[]> {
  const { sql } = product.ctx
  const rows = await readRows(sql)
  return [
    ...rows.flatMap((row) => [...brokenPrice(row), ...brokenTruth(row, product), ...brokenOwner(row)]),
    ...(await brokenFigures(sql)),
    ...(await brokenHolds(sql)),
    ...(await leftOpen(sql)),
    ...(await spoken(product, outputs)),
  ]
}

async function readRows(sql: Sql): Promise<Row[]> {
  return sql<Row[]>`
    select r.payment_id, p.status as payment_status, p.processed_amount_minor as processed_minor, r.attempt_id, a.status as attempt_status,
      a.winner, a.late_approval, r.provider_id, r.state, r.orphan, r.provider_reference, r.amount_minor, trim_scale(r.rate)::text as rate,
      v.settlement_scale::int as scale, s.settlement_minor as held_minor, s.debited_minor,
      (select c.amount_minor from appeals c where c.attempt_id = r.attempt_id and c.state = 'confirmed' order by c.number desc limit 1)
        as appealed_minor,
      array(select k.kind from provider_cases k where k.attempt_id = r.attempt_id order by k.kind) as cases
    from provider_payments r
    join providers v on v.id = r.provider_id
    join provider_settlements s on s.provider_id = r.provider_id and s.attempt_id = r.attempt_id
    join attempts a on a.account_id = r.account_id and a.id = r.attempt_id
    join payments p on p.account_id = r.account_id and p.id = r.payment_id
    order by r.requested_at, r.attempt_id`
}

const lineOf = ({ payment_id, attempt_id, state }: Row, text: string): string =>
  `${payment_id} ${attempt_id} (${state}): ${text}`

/** Rounded up, by the rate as it was sent. Kopecks have two decimals. */
export function priceOf(amount_minor: bigint, { rate, scale }: Pick<Row, 'rate' | 'scale'>): bigint {
  const [units = '', fraction = ''] = rate.split('.')
  const dividend = amount_minor * 10n ** BigInt(scale + fraction.length)
  const divisor = BigInt(units + fraction) * 100n
  return dividend / divisor + (dividend % divisor === 0n ? 0n : 1n)
}

/** I4: held is the price of the payment, and debited is that, the price of the confirmed appeal, or nothing. */
function brokenPrice(row: Row): string[] {
  const paid = row.state === 'success' ? row.amount_minor : null
  const counts = row.appealed_minor ?? paid
  const debited = counts === null ? 0n : priceOf(counts, row)
  return [
    ...(row.held_minor === priceOf(row.amount_minor, row) ? [] : [lineOf(row, `${row.held_minor} was held`)]),
    ...(row.debited_minor === debited ? [] : [lineOf(row, `${row.debited_minor} was debited, not ${debited}`)]),
  ]
}

/** A desk that says `success` and answers questions was believed, and nobody else was. */
function brokenTruth(row: Row, { simulators }: Product): string[] {
  const known = simulators.desks.names().flatMap((name) => simulators.desks.payments(name))
  const order = known.find(({ id }) => id === row.provider_reference)
  if (!order) return row.state === 'success' ? [lineOf(row, 'no desk has this order')] : []
  const { step, status } = order
  if (row.state === 'success') {
    const took_back = step.name === 'issue_flap' || row.cases.includes('status_regression')
    const believable = status === 'success' || took_back || row.appealed_minor !== null
    return believable ? [] : [lineOf(row, `its desk says ${status}`)]
  }
  // What is not asked about, or never answered, can only be proven by an appeal.
  if (status !== 'success' || step.name === 'get') return []
  if (row.orphan)
    return row.cases.includes('orphan_success') ? [] : [lineOf(row, 'an orphan was paid, and nobody looks at it')]
  return [lineOf(row, 'its desk says success')]
}

/** Money belongs to its merchant, or is somebody's case; an end that nobody may undo is no sale. */
function brokenOwner(row: Row): string[] {
  const found: string[] = []
  const gone = row.payment_status === 'terminated' || row.payment_status === 'expired'
  if (gone && (row.winner || row.processed_minor !== null)) found.push(`is ${row.payment_status} and a sale`)
  const wasPaid = row.state === 'success'
  if (row.winner && !wasPaid) found.push('wins without money')
  if (row.winner && row.processed_minor !== (row.appealed_minor ?? row.amount_minor))
    found.push(`${row.processed_minor} was processed`)
  const explained = ['late_success', 'double_success', 'appeal_on_terminated'].some((kind) => row.cases.includes(kind))
  if (wasPaid && !row.winner && !explained) found.push('money that is nobody’s sale and nobody’s case')
  if (['sent', 'incomplete', 'unknown'].includes(row.attempt_status)) found.push(`its attempt is ${row.attempt_status}`)
  return found.map((text) => lineOf(row, text))
}

/** I1 to I3: what came in is what is left and what was taken; held and frozen is what open payments and appeals need. */
async function brokenFigures(sql: Sql): Promise<string[]> {
  const sums = await sql<
    { provider_id: string; test_mode: boolean; paid_in: bigint; debited: bigint; frozen: bigint; open: bigint }[]
  >`
    select p.id as provider_id, mode.test_mode,
      (select coalesce(sum(t.amount_minor), 0)::bigint from provider_top_ups t
        where t.provider_id = p.id and t.test_mode = mode.test_mode and t.status = 'confirmed') as paid_in,
      (select coalesce(sum(s.debited_minor), 0)::bigint from provider_settlements s
        where s.provider_id = p.id and s.test_mode = mode.test_mode) as debited,
      (select coalesce(sum(s.freeze_minor + s.moved_minor), 0)::bigint from provider_settlements s
        where s.provider_id = p.id and s.test_mode = mode.test_mode and s.appeal_open) as frozen,
      (select count(*) from appeals a where a.provider_id = p.id and a.test_mode = mode.test_mode and a.closed_at is null) as open
    from providers p cross join (values (true), (false)) as mode (test_mode)`
  const found: string[] = []
  for (const { provider_id, test_mode, paid_in, debited, frozen, open } of sums) {
    const provider = await findProvider(sql, provider_id)
    if (!provider) continue
    const figures = await readBalance(sql, provider, test_mode)
    const { available_minor, held_minor, frozen_minor, withdrawing_minor, total_minor } = figures
    const say = (text: string): void => void found.push(`${provider_id} ${test_mode ? 'test' : 'live'}: ${text}`)
    if (available_minor + held_minor + frozen_minor + withdrawing_minor !== total_minor)
      say('the figures do not add up')
    if (total_minor !== paid_in - debited) say(`${paid_in} came in, ${debited} was taken, ${total_minor} is there`)
    if (frozen_minor !== frozen) say(`${frozen_minor} is frozen, appeals need ${frozen}`)
    if (open === 0n && frozen_minor !== 0n) say(`${frozen_minor} is frozen, and no appeal is open`)
  }
  return found
}

/** I5: every hold ended once, and by exactly what was held. */
async function brokenHolds(sql: Sql): Promise<string[]> {
  const rows = await sql<{ row: string }[]>`
    select concat_ws(' ', 'hold', h.id, 'of', h.subject_id, h.amount_minor, 'ended', count(e.id), 'times:', string_agg(e.amount_minor::text, ',')) as row
    from ledger_transfers h
    left join ledger_transfers e on e.account_id = h.account_id and e.pending_id = h.id
    where h.code in ('provider_hold', 'appeal_freeze', 'appeal_freeze_moved')
    group by h.account_id, h.id, h.subject_id, h.amount_minor
    having count(e.id) <> 1 or min(e.amount_minor) <> h.amount_minor`
  return rows.map(({ row }) => row)
}

async function leftOpen(sql: Sql): Promise<string[]> {
  const rows = await sql<{ row: string }[]>`
    select concat_ws(' ', 'appeal', id, 'is', state) as row from appeals where closed_at is null or send is not null
    union all select concat_ws(' ', 'attempt', a.id, 'of', p.id, 'is', a.status)
      from payments p join attempts a on a.account_id = p.account_id and a.payment_id = p.id
      where p.service_flow = 'invoice' and a.status in ('sent', 'incomplete', 'unknown')
    union all select concat_ws(' ', 'payment', id, 'is', status) from payments
      where service_flow = 'invoice' and status in ('created', 'process_pending', 'process_error')
    union all select concat_ws(' ', 'provider payment', attempt_id, 'is still asked about') from provider_payments where due_at is not null
    union all select concat_ws(' ', 'payment', payment_id, 'has', count(*), 'winners') from attempts where winner group by payment_id having count(*) > 1`
  return rows.map(({ row }) => row)
}

/** Numbers and owners of requisites are nowhere but where they are encrypted. */
async function spoken({ ctx, simulators, shop }: Product, outputs: readonly string[]): Promise<string[]> {
  const { desks } = simulators
  const secrets = desks
    .names()
    .flatMap((name) => desks.traders(name).flatMap(({ owner, numbers }) => [owner, ...Object.values(numbers)]))
  const plain = new Set(secrets.map((secret) => compact(secret)))
  const rows = await ctx.sql<{ place: string; text: string }[]>`
    select 'log of calls' as place, concat(request::text, answer, reading) as text from provider_calls
    union all select 'case', detail from provider_cases
    union all select 'provider payment', to_json(p)::text from provider_payments p
    union all select 'attempt', to_json(a)::text from attempts a
    union all select 'payment', to_json(p)::text from payments p
    union all select 'appeal', to_json(a)::text from appeals a
    union all select 'callback', body from callback_events`
  const texts = [
    ...rows,
    ...outputs.map((text) => ({ place: 'output of a process', text })),
    ...shop.received.map(({ body }) => ({ place: 'callback delivered', text: body })),
  ]
  const found = texts.flatMap(({ place, text }) => {
    const one = compact(text)
    return [...plain].filter((secret) => one.includes(secret)).map(() => `${place} names requisites in full`)
  })
  return [...new Set(found)]
}

/** As it could be spelled: blanks and signs between the digits are no disguise. */
function compact(text: string): string {
  return text.replaceAll(/[\s\-+]/g, '')
}
