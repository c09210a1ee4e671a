/** Links between pages of the checkout: the look goes along. */
import type { Look, Pair } from './rules/read-look.ts'

/** A place of the checkout: path and parameters, without the look. */
export type Place = { readonly path: string; readonly pairs: readonly Pair[] }

export function paymentPlace(payment_id: string, more: readonly Pair[] = []): Place {
  return { path: '/hpp/', pairs: [['cpi', payment_id], ...more] }
}

export function cardPlace(session_id: string): Place {
  return { path: `/hpp/${session_id}`, pairs: [] }
}

/** The place in the same look, or in another language. */
export function linkTo(place: Place, look: Pick<Look, 'carried'>, locale?: string): string {
  const carried = locale === undefined ? look.carried : look.carried.filter(([key]) => key !== 'locale')
  const pairs = [...place.pairs, ...carried, ...(locale === undefined ? [] : [['locale', locale] as const])]
  const query = pairs.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&')
  return query === '' ? place.path : `${place.path}?${query}`
}
