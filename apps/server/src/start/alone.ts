import { connect } from '../database/connect.ts'

const lock_key = 4_217_002

/** Does the work while no other process on this database does: several may start at once. */
export async function alone<T>(url: string, work: () => Promise<T>): Promise<T> {
  const sql = connect(url, { connections_max: 1, application_name: 'cascad-start' })
  try {
    await sql`set statement_timeout = 0`
    await sql`select pg_advisory_lock(${lock_key})`
    return await work()
  } finally {
    // Ending the session gives the lock back.
    await sql.end({ timeout: 5 })
  }
}
