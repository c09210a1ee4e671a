/**
 * How a page is to look: language, theme, what is hidden, colours. Read from the query of every page and carried on to the
 * next one. Merchant API contract 14.2; a value that is not one of the allowed ones is dropped.
 */
import type { Locale } from '../../directory/service.ts'
import type { Query } from '../../http/routes.ts'
import { readableOn } from './readable-on.ts'

export type Theme = 'light' | 'dark'
export type PayLabel = 'pay' | 'subscribe' | 'donate'
export type Pair = readonly [key: string, value: string]

const parts = {
  hide_header: 'header',
  hide_footer: 'footer',
  hide_progress_bar: 'progress',
  hide_method_filter: 'filter',
  hide_lifetime_counter: 'countdown',
  hide_invoice_lifetime_counter: 'countdown',
} as const

export type Part = (typeof parts)[keyof typeof parts]

export type Look = {
  readonly locale: Locale
  /** What the language switch offers; the page's own language is always among them. */
  readonly locales: readonly Locale[]
  /** `null` = as the payer's system is set. */
  readonly theme: Theme | null
  readonly pay_label: PayLabel
  readonly show_logo: boolean
  readonly hidden: ReadonlySet<Part>
  /** Codes of methods; `null` = all. */
  readonly show_methods: ReadonlySet<string> | null
  readonly hide_methods: ReadonlySet<string>
  /** Declarations of custom properties, checked value by value. */
  readonly style: string
  /** What was asked for and allowed, to be repeated in links and forms. */
  readonly carried: readonly Pair[]
}

const allLocales: readonly Locale[] = ['en', 'uk', 'ru']

const colours: Readonly<Record<string, string>> = {
  success_color: 'success',
  warning_color: 'warning',
  danger_color: 'danger',
  info_color: 'info',
  primary: 'accent',
  primary_color: 'accent',
  primary_variant: 'accent-strong',
  primary_text_color: 'text',
  primary_background_color: 'ground',
  on_primary_color: 'on-accent',
  secondary: 'line',
  secondary_color: 'line',
  secondary_variant: 'line-strong',
  secondary_text_color: 'muted',
  secondary_background_color: 'panel',
  on_secondary_color: 'on-panel',
}

const hexColour = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i
const functionColour = /^rgba?\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*(,\s*(0|1|0?\.\d{1,4})\s*)?\)$/i
const fontForm = /^[A-Za-z0-9 ,'-]{1,100}$/

/** `accept_language` decides when no language is asked for. */
export function readLook(query: Query, accept_language: string | undefined): Look {
  const carried: Pair[] = []
  const take = (key: string, value: string): string => {
    carried.push([key, value])
    return value
  }
  const locales = readAvailable(textAt(query, 'available_locales'))
  if (locales.length < allLocales.length) take('available_locales', locales.join(','))
  const asked = ['locale', 'lang', 'language']
    .map((key) => localeOf(textAt(query, key)))
    .find((found) => found !== null)
  const locale = asked ?? byBrowser(accept_language, locales)
  if (asked) take('locale', asked)

  const theme = readTheme(textAt(query, 'style', 'theme') ?? textAt(query, 'theme'))
  if (theme) take('style[theme]', theme)
  const pay_label = readLabel(textAt(query, 'style', 'pay_button_label') ?? textAt(query, 'pay_button_label'))
  if (pay_label !== 'pay') take('style[pay_button_label]', pay_label)
  const show_logo = !['false', '0'].includes(textAt(query, 'style', 'show_method_logo') ?? '')
  if (!show_logo) take('style[show_method_logo]', 'false')

  const hidden = new Set<Part>()
  for (const [key, part] of Object.entries(parts)) {
    if (!['true', '1'].includes(textAt(query, 'display', key) ?? '')) continue
    hidden.add(part)
    take(`display[${key}]`, '1')
  }
  const show = codesAt(query, 'show_methods')
  if (show.length > 0) take('display[show_methods]', show.join(','))
  const hide = codesAt(query, 'hide_methods')
  if (hide.length > 0) take('display[hide_methods]', hide.join(','))
  return {
    locale,
    locales: locales.includes(locale) ? locales : [locale, ...locales],
    theme,
    pay_label,
    show_logo,
    hidden,
    show_methods: show.length > 0 ? new Set(show) : null,
    hide_methods: new Set(hide),
    style: readStyle(query, take),
    carried,
  }
}

function readStyle(query: Query, take: (key: string, value: string) => string): string {
  const chosen = new Map<string, string>()
  for (const [key, property] of Object.entries(colours)) {
    const value = textAt(query, 'style', key)?.trim() ?? ''
    if (!hexColour.test(value) && !functionColour.test(value)) continue
    chosen.set(property, take(`style[${key}]`, value))
  }
  const accent = chosen.get('accent')
  if (accent !== undefined) {
    // A shop that names its colour only still gets buttons that can be read.
    if (!chosen.has('on-accent')) chosen.set('on-accent', readableOn(accent))
    if (!chosen.has('accent-strong')) chosen.set('accent-strong', accent)
    chosen.set('link', 'var(--on-panel)')
  }
  const declarations = [...chosen].map(([property, value]) => `--${property}:${value}`)
  const font = textAt(query, 'style', 'font_family')?.trim() ?? ''
  const quotes = font.split("'").length - 1
  if (fontForm.test(font) && quotes % 2 === 0) declarations.push(`--font:${take('style[font_family]', font)}`)
  return declarations.join(';')
}

/** A text of the query, also one level down; empty = not sent. */
function textAt(query: Query, key: string, inner?: string): string | null {
  let value = query[key]
  if (inner !== undefined) value = typeof value === 'object' && !Array.isArray(value) ? value[inner] : undefined
  return typeof value === 'string' && value !== '' ? value : null
}

/** Method codes as a comma list, a list, or the list that a query with numbered keys becomes. */
function codesAt(query: Query, key: string): string[] {
  const display = query.display
  const value = typeof display === 'object' && !Array.isArray(display) ? display[key] : undefined
  const list = typeof value === 'string' ? value.split(',') : typeof value === 'object' ? Object.values(value) : []
  return list
    .filter((code) => typeof code === 'string')
    .map((code) => code.trim())
    .filter((code) => /^[a-z0-9_-]{1,64}$/i.test(code))
    .slice(0, 100)
}

function localeOf(text: string | null): Locale | null {
  const code = text?.trim().toLowerCase()
  return allLocales.find((locale) => locale === code) ?? null
}

function readAvailable(text: string | null): Locale[] {
  const asked = (text ?? '').split(',').map(localeOf)
  const found = allLocales.filter((locale) => asked.includes(locale))
  return found.length > 0 ? found : [...allLocales]
}

/** The first language of the header that we speak, by its weights. */
function byBrowser(header: string | undefined, locales: readonly Locale[]): Locale {
  const wanted = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';')
      const weight = parameters.map((one) => /^\s*q=([01](?:\.\d{1,3})?)\s*$/.exec(one)?.[1]).find(Boolean) ?? '1'
      return { code: tag.split('-')[0]?.toLowerCase() ?? '', weight: Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  const found = wanted
    .map(({ code }) => locales.find((locale) => locale === code))
    .find((locale) => locale !== undefined)
  return found ?? (locales.includes('en') ? 'en' : (locales[0] ?? 'en'))
}

function readTheme(text: string | null): Theme | null {
  if (text === 'dark') return 'dark'
  return text === 'light' || text === 'basic' ? 'light' : null
}

function readLabel(text: string | null): PayLabel {
  return text === 'subscribe' || text === 'donate' ? text : 'pay'
}
