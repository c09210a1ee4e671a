import type { Sql } from '../database/connect.ts'
import { checks } from './checks.ts'

export type Finding = {
  readonly check: string
  /** How many rows or sums were looked at. */
  readonly counted: bigint
  /** How many are wrong; `culprits` names the first of them. */
  readonly broken: bigint
  readonly culprits: readonly string[]
}

const culprits_max = 20

/**
 * Proves the books: every check on one snapshot, so that a server at work does not disturb it. Nothing is written or
 * locked. `onCheck` hears the name of each check as it begins.
 */
export async function verifyLedger(sql: Sql, onCheck: (name: string) => void = () => {}): Promise<Finding[]> {
  return (await sql.begin('isolation level repeatable read read only', async (tx) => {
    await tx`set local statement_timeout = 0`
    await tx`set local work_mem = '64MB'`
    const findings: Finding[] = []
    for (const { name, counted, broken } of checks) {
      onCheck(name)
      const [found] = await tx<{ counted: bigint; broken: bigint; culprits: string[] }[]>`
        with broken (culprit) as materialized (${broken(tx)})
        select ${counted(tx)} as counted, (select count(*) from broken) as broken,
          array(select culprit from broken order by culprit limit ${culprits_max}) as culprits`
      findings.push({ check: name, counted: 0n, broken: 0n, culprits: [], ...found })
    }
    return findings
  })) as Finding[]
}
