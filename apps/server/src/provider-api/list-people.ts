import type { Database } from '../database/connect.ts'
import { selectPeople } from './people-table.ts'
import type { Person } from './person.ts'

/** Everybody who may or might act for a provider, oldest first. */
export async function listPeople(sql: Database, provider_id: string): Promise<Person[]> {
  return selectPeople(sql, provider_id)
}
