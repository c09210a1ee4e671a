import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EndedSet } from '../requisites/list-ended-sets.ts'
import type { RequisitesView } from '../requisites/requisites-view.ts'
import { renderPage } from './page.ts'
import { readLook } from './rules/read-look.ts'
import { type OpenPhase, openRequisitesPage, type RequisitesAround } from './show-requisites.ts'
import { texts } from './texts/texts.ts'

const now = new Date('2026-11-21T11:20:10Z')
const waiting: RequisitesView = {
  phase: 'waiting',
  method: 'card',
  shown: { bank: 'Example Bank', owner: 'Ivan Ivanov', number: '5363542310297979', masked: false },
  amount: '3900.5',
  currency: 'RUB',
  expires_at: new Date('2026-11-21T11:48:25Z'),
  asked: 1,
  now,
  may_ask_other: true,
  may_cancel: true,
  may_claim: true,
  may_appeal: false,
}
const masked = { bank: 'Example Bank', owner: 'I*** I***', number: '536354******7979', masked: true }

function shown(
  change: Partial<RequisitesView>,
  locale = 'en',
  payment: Record<string, unknown> = {},
  { late = null, query = {} }: { late?: EndedSet | null; query?: Record<string, string> } = {},
): string {
  const view = { ...waiting, ...change }
  const look = readLook({ locale }, undefined)
  const around = {
    checkout: {
      account: { name: 'Shop', icon: null, time_zone: 'Europe/Moscow', return_urls: {} },
      state: {
        payment: { id: 'cpi_0000000000000001', reference_id: 'A-17', status: 'process_pending', ...payment },
        attempts: [],
      },
    },
    call: { look, words: texts[look.locale], query },
    exponent: 2,
    appeal_open: false,
    late,
    other_method: false,
    public_url: 'https://pay.example',
  } as unknown as RequisitesAround
  return renderPage(openRequisitesPage(view, view.phase as OpenPhase, around), look, now).body
}

const forms = (body: string): string[] =>
  [...body.matchAll(/action="\/hpp\/requisites\/(\w+)\?/g)].map((match) => match[1] as string)

describe('the page to transfer by', () => {
  it('says amount, number, recipient, bank, order and end of time, and lets copy what is typed', () => {
    const body = shown({})
    for (const text of ['3,900.50\u00a0RUB', '5363 5423 1029 7979', 'Ivan Ivanov', 'Example Bank', 'A-17'])
      assert.ok(body.includes(text), text)
    assert.match(body, /data-copy="3900\.50"/)
    assert.match(body, /data-copy="5363542310297979"/)
    assert.match(body, /<time datetime="2026-11-21T11:48:25.000Z">14:48 GMT\+3<\/time>/)
    assert.match(body, /data-left="1695">28:15</)
  })

  it('offers no more than may be done', () => {
    assert.deepEqual(forms(shown({})), ['paid', 'other', 'cancel'])
    assert.deepEqual(forms(shown({ may_ask_other: false })), ['paid', 'cancel'])
    assert.deepEqual(forms(shown({ may_ask_other: false, may_cancel: false, may_claim: false })), [])
  })

  it('every form names the requisites it is about', () => {
    const [first, ...others] = [...shown({}).matchAll(/name="mark" value="([^"]+)"/g)].map((match) => match[1])
    const later = shown({ asked: 2 })
    assert.equal(others.length, 2)
    assert.ok(others.every((mark) => mark === first))
    assert.ok(!later.includes(`value="${first}"`))
  })

  it('is built of text, whatever a provider writes', () => {
    const body = shown({ shown: { ...masked, bank: '<img src=x>', owner: '"><script>', masked: false } })
    assert.doesNotMatch(body, /<img src=x|"><script>/)
  })

  it('leaves the number out of title, addresses and script', () => {
    const body = shown({})
    const [title] = /<title>[^<]*<\/title>/.exec(body) ?? ['']
    assert.doesNotMatch(title, /\d{4}/)
    assert.doesNotMatch(body, /(href|action|data-poll|data-mark|url)="?[^"]*(5363|Ivan)/)
    assert.equal(body.split('5363542310297979').length, 2)
  })

  it('shows an account of the euro area as a code for bank apps, all else as the way to this page', () => {
    const label = texts.en.requisites
    const euro = { ...masked, number: 'DE89370400440532013000', masked: false }
    assert.ok(shown({ method: 'account', currency: 'EUR', shown: euro }).includes(label.code_for_app))
    assert.ok(shown({}).includes(label.code_for_phone))
  })

  it('names the number of the payment where the shop gave no reference', () => {
    const reference_id = '0f8fad5b-d9cb-469f-a165-70867728950e-rub'
    const body = shown({}, 'en', { reference_id })
    assert.ok(body.includes('cpi_0000000000000001</span>'))
    assert.ok(!body.includes(reference_id))
  })
})

describe('the other pages of a payment by requisites', () => {
  const none = { shown: null, expires_at: null, may_ask_other: false, may_claim: false }
  const cases: [string, Partial<RequisitesView>, string[]][] = [
    ['searching', { phase: 'searching', ...none }, []],
    ['none found', { phase: 'none_found', ...none, may_ask_other: true }, ['other', 'cancel']],
    ['none found, for good', { phase: 'none_found', ...none, may_cancel: false }, []],
    ['claimed', { phase: 'claimed', may_claim: false, may_ask_other: false, may_cancel: false }, ['check']],
    ['time over', { phase: 'time_over', shown: masked }, ['paid', 'check']],
    ['time over and claimed', { phase: 'time_over', shown: masked, may_claim: false }, ['check']],
    ['over', { phase: 'over', shown: masked, may_claim: false, may_cancel: false }, ['other']],
    ['over, the last set', { phase: 'over', shown: masked, may_ask_other: false, may_cancel: false }, []],
  ]
  for (const [name, change, offered] of cases) {
    it(`${name}: offers ${offered.join(' and ') || 'nothing'}, and lets nobody copy a number`, () => {
      const body = shown(change)
      assert.deepEqual(forms(body), offered)
      assert.doesNotMatch(body, /data-copy=/)
    })
  }

  it('of a number that is over only the mask is there, in every language', () => {
    for (const locale of ['en', 'ru', 'uk'])
      for (const phase of ['time_over', 'over'] as const) {
        const body = shown({ phase, shown: masked }, locale)
        assert.match(body, /5363 54 •••• 7979/)
        assert.ok(
          body.includes(
            phase === 'over' ? texts[locale as 'en'].requisites.do_not_pay : texts[locale as 'en'].requisites.time_over,
          ),
        )
      }
  })

  it('a claimed transfer is never asked for again', () => {
    const body = shown({ phase: 'claimed', may_claim: false, may_ask_other: false, may_cancel: false })
    assert.ok(body.includes(texts.en.requisites.claimed_once))
    assert.doesNotMatch(body, /button primary/)
  })

  it('who claims what was replaced is told so where he would pay again, and where to tell it; a reload tells it again', () => {
    const late: EndedSet = { asked: 1, attempt_id: 'pay_1', method: 'card', shown: masked }
    const none = { shown: null, expires_at: null, may_ask_other: false, may_claim: false }
    for (const change of [{}, { phase: 'searching', ...none }] as const)
      for (const locale of ['en', 'ru', 'uk'] as const) {
        const { requisites } = texts[locale]
        const body = shown({ ...change, asked: 2, may_appeal: true }, locale, {}, { late })
        for (const text of [requisites.late, requisites.late_text, requisites.late_sent, '5363 54 •••• 7979'])
          assert.ok(body.includes(text), text)
        assert.match(body, /href="\/hpp\/appeal\?cpi&#61;[^"]*late&#61;1/)
        assert.match(body, /data-poll="[^"]*late&#61;1/)
        assert.match(body, /<meta http-equiv="refresh"[^>]*late&#61;1/)
        const alone = shown({ ...change, asked: 2 }, locale, {}, { late })
        assert.doesNotMatch(alone, /\/hpp\/appeal/)
        assert.ok(alone.includes(requisites.late_shop))
        assert.ok(!shown({ ...change, asked: 2 }, locale).includes(requisites.late))
      }
  })

  it('who wants other details after all is told that these are kept', () => {
    const claimed = { phase: 'claimed', may_claim: false, may_ask_other: false, may_cancel: false } as const
    assert.ok(shown(claimed, 'en', {}, { query: { kept: '1' } }).includes(texts.en.requisites.kept))
    assert.ok(!shown(claimed).includes(texts.en.requisites.kept))
    assert.ok(!shown({}, 'en', {}, { query: { kept: '1' } }).includes(texts.en.requisites.kept))
  })

  it('who sent something else finds the way to say so', () => {
    for (const phase of ['claimed', 'over'] as const) {
      assert.match(shown({ phase, may_appeal: true }), /href="\/hpp\/appeal\?/)
      assert.doesNotMatch(shown({ phase, may_appeal: false }), /\/hpp\/appeal/)
    }
  })

  it('pages that look different have different marks', () => {
    const marks = [{}, ...cases.map(([, change]) => change)].map(
      (change) => /data-mark="([^"]+)"/.exec(shown(change))?.[1],
    )
    assert.equal(new Set(marks).size, marks.length)
  })
})
