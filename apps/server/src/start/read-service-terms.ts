/** Terms of an account's service as an operator types them: `name=value`. Merchant API contract 9.1, 18.1 and 18.5. */
import { parseAmount } from '@cascad/money'
import type { ServiceTerms } from '../directory/save-account-services.ts'
import { flag, oneOf, type Reader, readNamedValues, wholeNumber } from '../http/read-named-values.ts'

type Terms = {
  readonly fee_rate: string
  readonly fee_fix: bigint
  readonly fee_min: bigint
  readonly fee_max: bigint
  readonly reserve_rate: string
  readonly reserve_lifetime_minutes: number
  readonly enabled: boolean
  readonly mode: 'test' | 'live'
}

export type ServiceWish = { readonly terms: Partial<ServiceTerms>; readonly modes: readonly boolean[] }

/** What a column of the table holds. */
const minor_max = 2n ** 63n - 1n
const year_minutes = 525_600

function readersOf({ code, exponent }: { readonly code: string; readonly exponent: number }): {
  readonly [name in keyof Terms]: Reader
} {
  const amount: Reader = {
    read: (text) => {
      const minor = /^\d{1,10}(\.\d+)?$/.test(text) ? parseAmount(text, exponent) : 'not_a_number'
      return typeof minor === 'bigint' && minor <= minor_max ? minor : undefined
    },
    allowed: `an amount in ${code} with at most ${exponent} decimals, such as ${exponent > 1 ? '0.30' : '30'}`,
  }
  const percent = (form: RegExp, below: string): Reader => ({
    read: (text) => (form.test(text) ? text : undefined),
    allowed: `percent from 0 to ${below} with at most 6 decimals, such as 2.9`,
  })
  return {
    fee_rate: percent(/^\d{1,2}(\.\d{1,6})?$/, 'below 100'),
    fee_fix: amount,
    fee_min: amount,
    fee_max: amount,
    reserve_rate: percent(/^(\d{1,2}(\.\d{1,6})?|100)$/, '100'),
    reserve_lifetime_minutes: wholeNumber(0, year_minutes, 'minutes'),
    enabled: flag,
    mode: oneOf('test', 'live'),
  }
}

/**
 * The terms of `on`, `off` and `name=value` words, both modes unless one is named, or what is wrong with the first bad word.
 *
 * @param base the account's base currency, which fees are in
 */
export function readServiceTerms(
  words: readonly string[],
  base: { readonly code: string; readonly exponent: number },
): { readonly wish: ServiceWish; readonly mistake: null } | { readonly wish: null; readonly mistake: string } {
  const [first, ...others] = words
  const switched = first === 'on' || first === 'off'
  const { values, mistake } = readNamedValues<Terms>(readersOf(base), switched ? others : words, 'term')
  if (values === null) return { wish: null, mistake }
  const { mode, fee_fix, fee_min, fee_max, ...same } = values
  const terms = {
    ...same,
    ...(fee_fix === undefined ? {} : { fee_fix_minor: fee_fix }),
    ...(fee_min === undefined ? {} : { fee_min_minor: fee_min }),
    ...(fee_max === undefined ? {} : { fee_max_minor: fee_max }),
    ...(switched ? { active: first === 'on' } : {}),
  }
  return { wish: { terms, modes: mode === undefined ? [true, false] : [mode === 'test'] }, mistake: null }
}
