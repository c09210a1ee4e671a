/** For tests: what the proof of the books finds, also after damage that is undone again. */
import assert from 'node:assert/strict'
import type { Sql, Transaction } from '../database/connect.ts'
import { verifyLedger } from './verify.ts'

export type Damage = (tx: Transaction) => Promise<unknown>

/** Each culprit behind the name of its check. */
export async function wrongs(sql: Sql): Promise<string[]> {
  const findings = await verifyLedger(sql)
  return findings.flatMap(({ check, culprits }) => culprits.map((culprit) => `${check}: ${culprit}`))
}

/** What the proof finds after `damage`, which is undone again. Triggers and foreign keys are off, as for somebody with all rights. */
export async function damaged(sql: Sql, damage: Damage): Promise<string[]> {
  const undo = new Error('undo')
  let found: string[] = []
  await assert.rejects(
    sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await damage(tx)
      const inside = Object.assign((...args: Parameters<typeof tx>) => tx(...args), {
        begin: (_options: string, body: (inner: Transaction) => Promise<unknown>) => body(tx),
      })
      found = await wrongs(inside as unknown as Sql)
      throw undo
    }),
    undo,
  )
  return found
}
