/** The one way to PostgreSQL: postgres.js with prepared statements, bigint as BigInt, JSON without loss. */
import postgres from 'postgres'
import { parseJson } from '../http/json.ts'
import { withStatements } from './statement.ts'

export type Sql = postgres.Sql<{ bigint: bigint }>
export type Transaction = postgres.TransactionSql<{ bigint: bigint }>
/** A statement outside or inside a transaction. */
export type Database = Sql | Transaction
export type Fragment = postgres.PendingQuery<postgres.Row[]>

export type DatabaseOptions = {
  readonly connections_max: number
  readonly application_name: string
  /** Sees every statement with its values, as they are sent. */
  readonly watch?: (statement: string, values: readonly unknown[]) => void
}

/** Opens a pool. Nothing is sent before the first statement. */
export function connect(url: string, options: DatabaseOptions): Sql {
  const pool = postgres(url, {
    max: options.connections_max,
    connect_timeout: 10,
    idle_timeout: 0,
    max_lifetime: null,
    prepare: true,
    onnotice: () => {},
    ...(options.watch
      ? { debug: (_connection: number, statement: string, values: unknown[]) => options.watch?.(statement, values) }
      : {}),
    connection: { application_name: options.application_name, statement_timeout: 30_000, TimeZone: 'UTC' },
    types: {
      bigint: postgres.BigInt,
      // A JSON document travels as text: what was written comes back to the letter.
      json: {
        to: 114,
        from: [114, 3802],
        serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
        parse: (text: string) => parseJson(text),
      },
    },
  }) as unknown as Sql
  return withStatements(pool)
}
