/** Who is told that a balance has reached a level. Once per crossing downwards; far below zero is the operator's matter. Cascade API, 9.4. */
import { type BalanceLevel, balanceLevels } from './balance-level.ts'

export type ToldOfLevel = { readonly provider: boolean; readonly operator: boolean }

/** `from`: the level that was noted before, `fine` where none was. */
export function toldOfLevel(from: BalanceLevel, to: BalanceLevel): ToldOfLevel {
  const worse = balanceLevels.indexOf(to) > balanceLevels.indexOf(from)
  return { provider: worse && from !== 'empty', operator: worse }
}
