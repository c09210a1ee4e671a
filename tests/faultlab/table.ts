/** The verdicts as a table for people: one line a row, and below it what no rule allows. */
import type { LabResult } from './run.ts'

const columns = ['row', 'answered', 'statuses', 'attempts', 'providers', 'books', 'callbacks'] as const
const titles = ['', 'the merchant was answered', 'now', 'attempts', 'at the gateways', 'books', 'told'] as const
const width_max = 64

export function tableOf({ verdicts, broken, duration_ms }: LabResult): string {
  const widths = columns.map((column, i) =>
    Math.min(width_max, Math.max(titles[i]?.length ?? 0, ...verdicts.map((one) => one[column].length))),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  const bad = verdicts.filter((one) => one.broken.length > 0)
  return [
    line(titles),
    ...verdicts.flatMap((one) => [
      line(columns.map((column) => one[column])),
      ...one.broken.map((text) => `    BROKEN ${text}`),
    ]),
    ...broken.map((text) => `BROKEN ${text}`),
    `${verdicts.length} rows, ${bad.length} of them broken, in ${Math.round(duration_ms / 1000)} s`,
  ].join('\n')
}
