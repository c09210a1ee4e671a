/** The query of a service list: page and filters; everything that cannot be read is 400. Pure. Merchant API contract 6.1, 6.3. */
import { Problem } from '../http/problem.ts'
import type { Query, QueryValue } from '../http/routes.ts'
import type { AccountService } from './service.ts'

const size_usual = 20
const size_max = 100
const number_max = 1_000_000

export type ServiceListRequest = {
  readonly number: number
  readonly size: number
  readonly fits: (service: AccountService) => boolean
  /** The filters as links repeat them. */
  readonly kept: readonly string[]
}

const pageProblem = (detail: string): Problem => new Problem(400, { title: 'Invalid page', detail })
const filterProblem = (detail: string): Problem => new Problem(400, { title: 'Invalid filter', detail })

type Reader = (service: AccountService) => string | boolean

const texts: Readonly<Record<string, Reader>> = {
  service: (service) => service.service,
  service_method: (service) => service.method.code,
}
const codes: Readonly<Record<string, Reader>> = {
  service_currency: (service) => service.service_currency,
  currency: (service) => service.fee_currency,
}
const flags: Readonly<Record<string, Reader>> = {
  test_mode: (service) => service.test_mode,
  enabled: (service) => service.enabled,
  active: (service) => service.active,
  available: (service) => service.available,
}

/** Reads the whole query; throws Problem 400. */
export function readServiceListRequest(
  query: Query,
  known: { readonly isCurrency: (code: string) => boolean },
): ServiceListRequest {
  if (query.sort !== undefined) throw new Problem(400, { title: 'Invalid sort', detail: 'Services cannot be sorted.' })
  const conditions = Object.entries(readFilter(query.filter)).map(([field, given]) => {
    const value = equalTo(field, given)
    return { kept: `filter[${field}]=${encodeURIComponent(value)}`, fits: conditionOf(field, value, known) }
  })
  return {
    ...readPage(query.page),
    fits: (service) => conditions.every((condition) => condition.fits(service)),
    kept: conditions.map((condition) => condition.kept),
  }
}

function readPage(page: QueryValue | undefined): { number: number; size: number } {
  if (page === undefined) return { number: 1, size: size_usual }
  if (typeof page === 'string' || Array.isArray(page)) throw pageProblem('Use page[number] and page[size].')
  const whole = (name: 'number' | 'size', usual: number, most: number): number => {
    const value = page[name]
    if (value === undefined) return usual
    if (typeof value === 'string' && /^\d{1,7}$/.test(value) && Number(value) >= 1 && Number(value) <= most)
      return Number(value)
    throw pageProblem(`page[${name}] must be a whole number from 1 to ${most}.`)
  }
  return { number: whole('number', 1, number_max), size: whole('size', size_usual, size_max) }
}

function readFilter(filter: QueryValue | undefined): Query {
  if (filter === undefined) return {}
  if (typeof filter === 'string' || Array.isArray(filter)) throw filterProblem('Use the form filter[field]=value.')
  return filter
}

function equalTo(field: string, given: QueryValue): string {
  if (Array.isArray(given)) throw filterProblem(`"${field}" must be given once.`)
  const entries: [string, QueryValue][] = typeof given === 'string' ? [['eq', given]] : Object.entries(given)
  const other = entries.find(([operator]) => operator !== 'eq')
  if (other) throw filterProblem(`Operator "${other[0]}" is not supported for "${field}".`)
  const value = entries[0]?.[1]
  if (typeof value !== 'string' || value.trim() === '' || value.includes('\0') || !value.isWellFormed()) {
    throw filterProblem(`The value of "${field}" is empty or not a text.`)
  }
  return value.trim()
}

function conditionOf(
  field: string,
  value: string,
  known: { readonly isCurrency: (code: string) => boolean },
): (service: AccountService) => boolean {
  const own = (readers: Readonly<Record<string, Reader>>): Reader | null =>
    Object.hasOwn(readers, field) ? readers[field]! : null
  const text = own(texts)
  if (text) return (service) => text(service) === value
  const code = own(codes)
  if (code) {
    const upper = value.toUpperCase()
    if (!known.isCurrency(upper)) throw filterProblem(`"${value}" is not a currency.`)
    return (service) => code(service) === upper
  }
  const flag = own(flags)
  if (!flag) throw filterProblem(`"${field}" is not a field to filter by.`)
  if (!/^(true|false|1|0)$/.test(value)) throw filterProblem(`"${field}" must be true or false.`)
  return (service) => flag(service) === (value === 'true' || value === '1')
}

/** The page asked for, with the frame around it: counts, and links that keep the filters. */
export function servicePage(services: readonly AccountService[], request: ServiceListRequest, path: string) {
  const fitting = services.filter(request.fits)
  const { number, size, kept } = request
  const pages = Math.max(1, Math.ceil(fitting.length / size))
  const link = (page: number): string => `${path}?${[`page[number]=${page}`, `page[size]=${size}`, ...kept].join('&')}`
  return {
    meta: { total: fitting.length, pages, page: fitting.length === 0 ? 1 : number },
    links: {
      first: link(1),
      ...(number > 1 ? { prev: link(Math.min(number - 1, pages)) } : {}),
      next: number < pages ? link(number + 1) : '',
      last: link(pages),
    },
    services: fitting.slice((number - 1) * size, number * size),
  }
}
