import { formatFixed } from '@cascad/money'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import {
  type CountedRow,
  type Period,
  type RefusedRow,
  type SeriesRow,
  selectCounts,
  selectRefusals,
  selectSeries,
} from './conversion-table.ts'
import {
  bandOf,
  type ConversionCounts,
  type ConversionRates,
  ratesOf,
  shareOf,
  stepOf,
} from './rules/conversion-rates.ts'

export { type Split, splits } from './conversion-table.ts'

/** Percentiles are values that occurred; `null` = there was none. */
export type Percentiles = { readonly p50: number | null; readonly p95: number | null }

export type ConversionFigures = ConversionCounts &
  ConversionRates & {
    /** Until then more of `issued` may be paid in time; `null` = all of them have had their time. */
    readonly provisional_until: Date | null
    readonly refusals: readonly { readonly reason: string; readonly count: number; readonly share: number | null }[]
    /** Of requests for requisites. */
    readonly answer_ms: Percentiles
    /** Seconds from issue to success; payments that an appeal proved are left out. */
    readonly paid_after_s: Percentiles
  }

export type ProviderStatistics = {
  readonly all: ConversionFigures
  /** Most asked first; empty without a split. */
  readonly groups: readonly { readonly key: string; readonly figures: ConversionFigures }[]
  readonly step_s: number
  /** Every step of the period, oldest first. */
  readonly series: readonly (Omit<SeriesRow, 'step'> & { readonly at: Date })[]
}

/**
 * How often a provider gives requisites and how often they are paid. Probes of the test console make no provider payments, so they
 * count nowhere; nor does what was never sent. Cascade API, section 17.
 */
export async function readProviderStatistics(ctx: Context, asked: Omit<Period, 'now'>): Promise<ProviderStatistics> {
  const period = { ...asked, now: ctx.now() }
  const step_s = stepOf((period.to.getTime() - period.from.getTime()) / 1000)
  const [rows, refusals, series, known] = await Promise.all([
    selectCounts(ctx.sql, period),
    selectRefusals(ctx.sql, period),
    selectSeries(ctx.sql, period, step_s),
    currencies(ctx),
  ])
  const nameOf = (key: string): string =>
    period.split === 'amount_band' ? bandName(key, (currency) => known.get(currency)?.exponent ?? 2) : key
  const groups = period.split === null ? [] : rows.filter(({ key }) => key !== null)
  return {
    all: figuresOf(rows.find(({ key }) => key === null) ?? nothing, refusals),
    groups: groups
      .sort((a, b) => b.asked - a.asked || (a.key! < b.key! ? -1 : 1))
      .map((row) => ({ key: nameOf(row.key!), figures: figuresOf(row, refusals) })),
    step_s,
    series: filled(period, step_s, series),
  }
}

/** Only what is asked and given today, for an overview. */
export async function readProviderFigures(
  ctx: Context,
  asked: Omit<Period, 'now' | 'split'>,
): Promise<ConversionFigures> {
  const period = { ...asked, split: null, now: ctx.now() }
  const [rows, refusals] = await Promise.all([selectCounts(ctx.sql, period), selectRefusals(ctx.sql, period)])
  return figuresOf(rows.find(({ key }) => key === null) ?? nothing, refusals)
}

const nothing: CountedRow = {
  key: null,
  asked: 0,
  given: 0,
  refused: 0,
  unknown: 0,
  violations: 0,
  issued: 0,
  paid: 0,
  paid_late: 0,
  paid_by_appeal: 0,
  early_failures: 0,
  provisional_until: null,
  answer_p50: null,
  answer_p95: null,
  paid_after_p50: null,
  paid_after_p95: null,
}

function figuresOf(row: CountedRow, refusals: readonly RefusedRow[]): ConversionFigures {
  const { key, answer_p50, answer_p95, paid_after_p50, paid_after_p95, ...counts } = row
  return {
    ...counts,
    ...ratesOf(counts),
    refusals: refusals
      .filter((refusal) => refusal.key === key)
      .map(({ reason, count }) => ({ reason, count, share: shareOf(count, counts.asked) })),
    answer_ms: { p50: answer_p50, p95: answer_p95 },
    paid_after_s: { p50: paid_after_p50, p95: paid_after_p95 },
  }
}

/** `RUB 100000` → `RUB 1000.00–4999.99`. */
function bandName(key: string, exponentOf: (currency: string) => number): string {
  const [currency = '', lower = '0'] = key.split(' ')
  const { from_minor, to_minor } = bandOf(BigInt(lower))
  const exponent = exponentOf(currency)
  return `${currency} ${formatFixed(from_minor, exponent)}–${formatFixed(to_minor, exponent)}`
}

function filled({ from, to }: Pick<Period, 'from' | 'to'>, step_s: number, rows: readonly SeriesRow[]) {
  const found = new Map(rows.map((row) => [row.step, row]))
  const count = Math.ceil((to.getTime() - from.getTime()) / (step_s * 1000))
  return Array.from({ length: count }, (_, step) => {
    const { asked, given, refused, unknown, issued, paid } = found.get(step) ?? nothing
    return { at: new Date(from.getTime() + step * step_s * 1000), asked, given, refused, unknown, issued, paid }
  })
}
