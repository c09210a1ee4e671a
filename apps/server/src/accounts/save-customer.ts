import type { Database } from '../database/connect.ts'
import type { JsonObject } from '../http/json.ts'
import { newId } from '../ids.ts'
import { upsertCustomer } from './table.ts'

/** A customer as a request gives it, already checked; `null` = not given. */
export type NewCustomer = {
  readonly reference_id: string
  readonly email: string | null
  readonly name: string | null
  readonly phone: string | null
  readonly individual_tax_id: string | null
  /** `YYYY-MM-DD` */
  readonly date_of_birth: string | null
  readonly address: JsonObject | null
  readonly metadata: JsonObject | null
}

/**
 * Creates the customer, or brings the stored one with this `reference_id` up to date: values given now win, values not given
 * stay. `address` and `metadata` are taken as a whole, so that two addresses never mix. Merchant API contract, 19.4.
 */
export async function saveCustomer(
  sql: Database,
  account_id: string,
  customer: NewCustomer,
  now: Date,
): Promise<{ id: string; payment_enabled: boolean }> {
  return upsertCustomer(sql, account_id, newId('customer', now), customer, now)
}
