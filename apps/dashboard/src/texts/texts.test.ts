import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { en } from './en.ts'
import { ru } from './ru.ts'
import { chooseLanguage, fill, type Language, languages, type Text, type Texts } from './text.ts'
import { uk } from './uk.ts'

const all: Readonly<Record<Language, Texts>> = { en, ru, uk }
const keys = Object.keys(en).sort()
const formsOf = (text: Text): string[] => (typeof text === 'string' ? [text] : Object.values(text))
const names = (text: Text): string[] =>
  [...new Set(formsOf(text).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort()

for (const language of languages) {
  describe(language, () => {
    const texts: Readonly<Record<string, Text>> = all[language]

    test('has every text and no other', () => {
      assert.deepEqual(Object.keys(texts).sort(), keys)
      for (const key of keys) for (const form of formsOf(texts[key]!)) assert.notEqual(form.trim(), '', key)
    })

    test('fills in the same names as English', () => {
      for (const key of keys) assert.deepEqual(names(texts[key]!), names(all.en[key as keyof Texts]), key)
    })

    test('has the plural forms its numbers need', () => {
      const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories
      for (const key of keys) {
        const text = texts[key]!
        assert.equal(typeof text, typeof all.en[key as keyof Texts], `${key}: a plural in one language is one in all`)
        if (typeof text !== 'string') for (const form of needed) assert.ok(form in text, `${key} has no ${form}`)
      }
    })
  })
}

test('no key stands in two parts of a language', () => {
  const parts = globSync(fileURLToPath(new URL('./en/*.ts', import.meta.url))).map((path) => readFileSync(path, 'utf8'))
  const found = parts.flatMap((part) => [...part.matchAll(/^ {2}'?([a-z_]+(?:\.\w+)*)'?:/gm)].map(([, key]) => key))
  assert.equal(new Set(found).size, found.length)
  assert.equal(found.length, keys.length)
})

test('every text is used', () => {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const code = globSync('**/*.{ts,tsx}', { cwd: root })
    .filter((path) => !path.startsWith('texts/') && !path.endsWith('.test.ts'))
    .map((path) => readFileSync(`${root}/${path}`, 'utf8'))
    .join('\n')
  const kinds = [
    ...[...code.matchAll(/\bword\(\s*'([a-z_]+)'/g)].map(([, kind]) => kind),
    ...[...code.matchAll(/\bkind="([a-z_]+)"/g)].map(([, kind]) => kind),
    ...[...code.matchAll(/\bt\(`([a-z_]+)\.\$\{/g)].map(([, kind]) => kind),
    // Filters name the kind of their words beside them.
    'state',
    'method',
    'flag',
  ]
  const isUsed = (key: string): boolean => kinds.includes(key.split('.', 1)[0]) || code.includes(`'${key}'`)
  // The console's conformance checks, roles and the like are reached by code; whole sentences are named.
  assert.deepEqual(
    keys.filter((key) => !isUsed(key)),
    [],
  )
})

test('numbers choose the form, and are written as the language does', () => {
  assert.equal(fill(en['skips.payments'], { n: 1 }, 'en'), '1 payment')
  assert.equal(fill(en['skips.payments'], { n: 1200 }, 'en'), '1,200 payments')
  assert.equal(fill(ru['skips.payments'], { n: 1 }, 'ru'), '1 платёж')
  assert.equal(fill(ru['skips.payments'], { n: 3 }, 'ru'), '3 платежа')
  assert.equal(fill(ru['skips.payments'], { n: 11 }, 'ru'), '11 платежей')
  assert.equal(fill(uk['skips.payments'], { n: 22 }, 'uk'), '22 платежі')
})

test('the language is the one chosen before, else the first of the browser that we have', () => {
  assert.equal(chooseLanguage('uk', ['ru']), 'uk')
  assert.equal(chooseLanguage(null, ['de-DE', 'ru-RU', 'en']), 'ru')
  assert.equal(chooseLanguage('xx', ['fr']), 'en')
})
