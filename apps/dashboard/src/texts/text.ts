/** The words of the dashboard in three languages. English names the keys; the other two must have every one of them. */
import type { en } from './en.ts'

export const languages = ['en', 'ru', 'uk'] as const
/** Each in itself. */
export const languageNames = { en: 'English', ru: 'Русский', uk: 'Українська' } as const
export type Language = (typeof languages)[number]

/** One text, or one for each plural form that the language has; the number is `{n}`. */
export type Text = string | ({ readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>)
export type TextKey = keyof typeof en
export type Texts = Readonly<Record<TextKey, Text>>
export type Values = Readonly<Record<string, string | number>>

/** The text with its `{names}` filled in. */
export function fill(text: Text, values: Values, language: Language): string {
  const chosen = typeof text === 'string' ? text : formOf(text, Number(values.n), language)
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value
  })
}

function formOf(text: Exclude<Text, string>, n: number, language: Language): string {
  return text[new Intl.PluralRules(language).select(n)] ?? text.other
}

/** The first language of the browser that we have. */
export function chooseLanguage(stored: string | null, wanted: readonly string[]): Language {
  const known = [stored ?? '', ...wanted].map((tag) => tag.toLowerCase().split('-', 1)[0])
  return languages.find((language) => language === known.find((tag) => languages.some((one) => one === tag))) ?? 'en'
}
