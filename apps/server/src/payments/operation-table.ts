/** SQL of operations. Inserting and changing one are CTEs of the statement that changes its payment. */
import type { Database, Fragment, Sql } from '../database/connect.ts'
import type { Operation } from './payment.ts'

/** CTE guarded by `moved`. */
export function insertOperation(sql: Database, r: Operation): Fragment {
  return sql`new_operation as (
    insert into operations (kind, account_id, payment_id, id, reference_id, amount_minor, returned_fee_minor, currency, provider_amount_minor,
      provider_currency, description, status, resolution, gateway_id, attempt_number, capture_id, final, created_at, due_at)
    select ${r.kind}, ${r.account_id}, ${r.payment_id}, ${r.id}, ${r.reference_id}, ${r.amount_minor}::bigint, ${r.returned_fee_minor}::bigint,
      ${r.currency}, ${r.provider_amount_minor}::bigint, ${r.provider_currency}, ${r.description}, ${r.status}, ${r.resolution},
      ${r.gateway_id}::integer, ${r.attempt_number}::integer, ${r.capture_id}, ${r.final}::boolean, ${r.created_at}::timestamptz, ${r.due_at}::timestamptz
    from moved
  )`
}

/** CTE guarded by `moved`. */
export function updateOperation(sql: Database, r: Operation): Fragment {
  return sql`changed_operation as (
    update operations set
      version = version + 1, status = ${r.status}, resolution = ${r.resolution}, provider_reference = ${r.provider_reference},
      detail = ${r.detail}, signals = ${r.signals && JSON.stringify(r.signals)},
      card_facts = ${r.card_facts && JSON.stringify(r.card_facts)}, held_minor = ${r.held_minor},
      fee_minor = ${r.fee_minor}, reserved_minor = ${r.reserved_minor}, lookups = ${r.lookups}, decided_at = ${r.decided_at}, due_at = ${r.due_at}, leased_until = null
    where account_id = ${r.account_id} and payment_id = ${r.payment_id} and id = ${r.id} and exists (select 1 from moved)
    returning id
  )`
}

/** All operations of a payment, oldest first. */
export async function selectOperations(sql: Sql, account_id: string, payment_id: string): Promise<Operation[]> {
  return await sql<
    Operation[]
  >`select * from operations where account_id = ${account_id} and payment_id = ${payment_id} order by id`
}

export async function selectOperation(
  sql: Sql,
  account_id: string,
  payment_id: string,
  id: string,
): Promise<Operation | null> {
  const [row] = await sql<
    Operation[]
  >`select * from operations where account_id = ${account_id} and payment_id = ${payment_id} and id = ${id}`
  return row ?? null
}

/** Claims due operations by a lease, in one statement. */
export async function claimDueOperations(
  sql: Sql,
  now: Date,
  lease_until: Date,
  limit: number,
): Promise<{ account_id: string; payment_id: string; id: string }[]> {
  return await sql<{ account_id: string; payment_id: string; id: string }[]>`
    update operations set leased_until = ${lease_until}
    where (account_id, payment_id, id) in (
      select account_id, payment_id, id from operations
      where due_at <= ${now} and (leased_until is null or leased_until < ${now})
      order by due_at limit ${limit}
    ) and due_at <= ${now} and (leased_until is null or leased_until < ${now})
    returning account_id, payment_id, id`
}
