/** SQL that reads the explanations of routing runs; they are written by the statement that writes their attempt. */
import type { Database } from '../database/connect.ts'
import type { RoutingRun } from './attempts-resource.ts'

/** All routing runs of a payment, in order. */
export async function selectRuns(sql: Database, account_id: string, payment_id: string): Promise<RoutingRun[]> {
  return await sql<RoutingRun[]>`
    select run, record, created_at from routing_runs where account_id = ${account_id} and payment_id = ${payment_id} order by run`
}
