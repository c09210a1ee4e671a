import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseQuery } from '../../http/query.ts'
import { readLook } from './read-look.ts'

const look = (query: string, language?: string) => readLook(parseQuery(query), language)

describe('the language', () => {
  const cases: [query: string, header: string | undefined, locale: string][] = [
    ['', undefined, 'en'],
    ['', 'uk-UA,uk;q=0.9,en;q=0.5', 'uk'],
    ['', 'de-DE,de;q=0.9', 'en'],
    ['', 'de, ru;q=0.4, uk;q=0.8', 'uk'],
    ['', 'uk;q=0, ru;q=0.1', 'ru'],
    ['locale=ru', 'uk', 'ru'],
    ['lang=uk&language=ru', 'en', 'uk'],
    ['locale=xx&language=ru', 'en', 'ru'],
    ['locale=&lang=uk', 'en', 'uk'],
    ['available_locales=ru,uk', 'en', 'uk'],
    ['available_locales=ru', 'en', 'ru'],
    ['locale=en&available_locales=ru', undefined, 'en'],
  ]
  for (const [query, header, locale] of cases) {
    it(`${query || 'nothing asked'}, browser ${header ?? 'silent'}: ${locale}`, () => {
      const read = look(query, header)
      assert.equal(read.locale, locale)
      assert.ok(read.locales.includes(read.locale))
    })
  }
})

describe('the style', () => {
  it('takes colours of the three forms under both names', () => {
    const { style } = look(
      `style[primary]=%23abc&style[on_primary_color]=%23AABBCC&style[danger_color]=rgb(1, 2,3)&style[info_color]=rgba(1,2,3,.5)`,
    )
    assert.equal(
      style,
      '--danger:rgb(1, 2,3);--info:rgba(1,2,3,.5);--accent:#abc;--on-accent:#AABBCC;--accent-strong:#abc;--link:var(--on-panel)',
    )
  })

  it('words on a colour of the shop can be read, also when it names no colour for them', () => {
    assert.match(look('style[primary]=%23ffcc00').style, /--on-accent:#101318/)
    assert.match(look('style[primary]=%23003366').style, /--on-accent:#ffffff/)
    assert.doesNotMatch(look('style[danger_color]=%23fff').style, /accent|link/)
  })

  it('whatever is sent, nothing but declarations of known properties comes out', () => {
    const keys = ['primary', 'success_color', 'font_family', 'secondary_text_color', 'primary_variant']
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('#', 'a', '0', '(', ')', ';', '}', '<', "'", '"', '\\', ',', ' ', 'rgb(') }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...keys), value, (key, text) => {
        const { style } = readLook({ style: { [key]: text } }, undefined)
        assert.match(style, /^(--[a-z-]+:[A-Za-z0-9 ,.#()'-]+(;(?!$)|$))*$/)
        assert.equal(style.split("'").length % 2, 1)
      }),
    )
  })
})

describe('what a look carries on', () => {
  it('reads the same again', () => {
    const query =
      'locale=uk&theme=dark&display[hide_footer]=true&display[show_methods][]=paypal&display[hide_methods]=a,b&style[pay_button_label]=donate&style[show_method_logo]=0&style[primary]=%23fff&available_locales=uk,en'
    const first = look(query)
    const carried = new URLSearchParams(first.carried.map(([key, value]): [string, string] => [key, value])).toString()
    assert.deepEqual(look(carried), first)
    assert.deepEqual([...first.hidden], ['footer'])
    assert.deepEqual([...first.hide_methods], ['a', 'b'])
  })

  it('whatever is sent, it can be read and carries only strings', () => {
    fc.assert(
      fc.property(fc.webQueryParameters(), fc.string(), (query, header) => {
        // Names that reach prototypes are refused before a look is read.
        const safe = query
          .replaceAll('%', '')
          .replaceAll('__proto__', 'proto')
          .replaceAll('constructor', 'maker')
          .replaceAll('prototype', 'model')
        for (const pair of look(safe, header).carried) assert.equal(typeof pair[1], 'string')
      }),
    )
  })

  it('a basic theme is the light one, another is none', () => {
    assert.equal(look('style[theme]=basic').theme, 'light')
    assert.equal(look('theme=pink').theme, null)
  })
})
