/** The rows of the fault lab for payments by transfer: one trouble at one event. */
import { type TransferStep, type TransferTrouble, transferSteps, transferTroubles } from './transfer-trouble.ts'

export type TransferRow = { readonly step: TransferStep; readonly trouble: TransferTrouble }

/** Every row whose text has `part` in it. */
export function allTransfers(part = ''): TransferRow[] {
  return transferSteps
    .flatMap((step) => transferTroubles[step].map((trouble) => ({ step, trouble })))
    .filter((row) => textOfTransfer(row).includes(part))
}

/** All that nobody has to wait for: every row of the creation, and a few of each other event. */
export function shortTransfers(): TransferRow[] {
  const quick = allTransfers().filter(({ trouble }) => !trouble.slow)
  return [...Map.groupBy(quick, ({ step }) => step)].flatMap(([step, rows]) =>
    step === 'create' ? rows : rows.filter(({ trouble }, i) => trouble.money !== undefined || i % 4 === 1),
  )
}

export function textOfTransfer({ step, trouble }: TransferRow): string {
  return `${step}: ${trouble.name} | transfer`
}
