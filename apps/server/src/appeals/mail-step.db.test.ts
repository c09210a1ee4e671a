/** Who is told by e-mail of which step of an appeal, and what he reads. Cascade API, 11.1 and 11.2. */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { forgetAccount } from '../accounts/find-account.ts'
import type { Config } from '../config.ts'
import { addReaders, type QueuedMail, queuedMails } from '../mail/sample-readers.ts'
import { sampleMailConfig } from '../mail/sample-server.ts'
import type { State } from '../payments/find-payment.ts'
import { acceptAmount } from './accept-amount.ts'
import { acceptAppeal } from './accept-appeal.ts'
import { addMessage } from './add-message.ts'
import type { Appeal } from './appeal.ts'
import { decideAppeal } from './decide-appeal.ts'
import { openPayerAppeal } from './open-payer-appeal.ts'
import { rejectAppeal } from './reject-appeal.ts'
import { sampleReceipt } from './sample-files.ts'
import { ann, appealWorld, ben, desk, merchant } from './sample-world.ts'
import { withdrawAppeal } from './withdraw-appeal.ts'

const world = appealWorld()
const rejection = {
  reason: 'payment_not_found',
  text: 'Nothing from Ivan Ivanov.',
  amount_seen_minor: null,
  evidence: sampleReceipt,
} as const
const customer = {
  ...{ reference_id: 'payer-1', email: 'payer@home.example', name: 'Ivan Ivanov', phone: '79991234567' },
  ...{ individual_tax_id: null, date_of_birth: null, address: null, metadata: null },
}

let readers: Promise<void> | null = null
async function setUp(): Promise<void> {
  const { config, sql } = world.ctx()
  Object.assign(config, { mail: sampleMailConfig(1), public_url: 'https://pay.example.com' } satisfies Partial<Config>)
  // those of the demo are not asked
  await sql`update provider_people set active = false`
  for (const { id } of await sql<{ id: string }[]>`select id from providers`) await addReaders(sql, id)
}
beforeEach(async () => {
  readers ??= setUp()
  await readers
  await withOption('notification_email', 'appeals@harbour.example')
})

async function withOption(name: string, value: unknown): Promise<void> {
  const { id } = await world.account()
  const { sql } = world.ctx()
  await sql`update accounts set options = (options::jsonb || ${sql.json({ [name]: value } as never)})::json where id = ${id}`
  forgetAccount(world.ctx(), id)
}

const mailsOf = ({ id }: Pick<Appeal, 'id'>): Promise<QueuedMail[]> => queuedMails(world.ctx().sql, id)

/** Who was told what since the last look, sorted, without the appeal's id. */
function watcher(appeal: Pick<Appeal, 'id'>) {
  let seen = 0
  return async (): Promise<string[]> => {
    const mails = await mailsOf(appeal)
    const fresh = mails.slice(seen)
    seen = mails.length
    return fresh.map(({ to, title }) => `${to}: ${title.replace(` ${appeal.id}`, '').replace('[test] ', '')}`).sort()
  }
}

async function byPayer(state: State, locale: 'en' | 'ru' | 'uk'): Promise<Appeal> {
  const wish = {
    reason: 'not_credited',
    amount_minor: null,
    comment: 'I paid, Ivanov.',
    receipt: sampleReceipt,
    ip: '192.0.2.7',
    locale,
  } as const
  const done = await openPayerAppeal(world.ctx(), await world.account(), state.payment, wish)
  assert.ok(done.opened)
  return done.appeal
}

describe('every step', () => {
  test('of a merchant’s appeal that is confirmed is told him, and nobody else', async () => {
    const appeal = await world.opened(await world.failed())
    const told = watcher(appeal)
    assert.deepEqual(await told(), ['appeals@harbour.example: Appeal: received'])
    await world.work()
    assert.deepEqual(await told(), ['appeals@harbour.example: Appeal: the provider has it'])
    await addMessage(world.ctx(), appeal, desk, { text: 'We are looking.', internal: false, files: [] })
    assert.deepEqual(await told(), ['appeals@harbour.example: Appeal: a new message'])
    await addMessage(world.ctx(), appeal, desk, { text: 'A note.', internal: true, files: [] })
    await addMessage(world.ctx(), appeal, merchant, { text: 'Thanks.', internal: false, files: [] })
    assert.deepEqual(await told(), [])
    await acceptAppeal(world.ctx(), appeal, desk)
    assert.deepEqual(await told(), [
      'appeals@harbour.example: Appeal: confirmed',
      'appeals@harbour.example: Appeal: the provider agrees',
    ])
    await world.work()
    assert.deepEqual(await told(), [])
  })

  test('of a payer’s appeal is told him in his language, and his merchant; operators once they have to decide', async () => {
    const state = await world.failed({ customer })
    const appeal = await byPayer(state, 'ru')
    const told = watcher(appeal)
    const both = async (title: string, mine: string): Promise<void> =>
      assert.deepEqual(
        (await told()).map((line) => line.split(' – ')[0]),
        [`appeals@harbour.example: Appeal: ${mine}`, `payer@home.example: ${title}`],
      )
    await both('Обращение принято', 'received')
    await world.work()
    await both('Ищем ваш перевод', 'the provider has it')
    await rejectAppeal(world.ctx(), appeal, desk, rejection)
    await both('Перевод не подтверждён', 'the provider does not agree')
    await world.contested(appeal)
    const lines = (await told()).map((line) => line.split(' – ')[0])
    assert.deepEqual(lines, [
      'appeals@harbour.example: Appeal: an operator decides',
      'operators@cascad.example: Appeal waits for your decision',
      'payer@home.example: Перевод проверяют ещё раз',
    ])
    await decideAppeal(world.ctx(), appeal, ann, { verdict: 'cancel', comment: 'No.' })
    await both('Проверка завершена', 'closed')
  })

  test('of an operator’s appeal is told operators', async () => {
    const appeal = await world.opened(await world.failed({ customer }), {}, ann)
    const told = watcher(appeal)
    assert.deepEqual(await told(), ['operators@cascad.example: Appeal: received'])
    await withdrawAppeal(world.ctx(), appeal, ann)
    assert.deepEqual(await told(), ['operators@cascad.example: Appeal: closed'])
  })
})

describe('clocks', () => {
  test('of a provider that is silent: its owner and desk at 12 hours, operators from 24 hours on, again at 12 and every 4 hours', async () => {
    const appeal = await world.submitted(await world.failed())
    const told = watcher(appeal)
    await told()
    const passed = async (hours: number): Promise<string[]> => {
      world.pass(hours)
      await world.work()
      return told()
    }
    assert.deepEqual(await passed(11), [])
    assert.deepEqual(await passed(1), ['owner: Appeal waits for your answer', 'trading: Appeal waits for your answer'])
    assert.deepEqual(await passed(11), [])
    const decide = 'operators@cascad.example: Appeal waits for your decision'
    assert.deepEqual(await passed(1), ['appeals@harbour.example: Appeal: an operator decides', decide])
    assert.deepEqual(await passed(11), [])
    assert.deepEqual(await passed(1), [decide])
    assert.deepEqual(await passed(4), [decide])
    assert.deepEqual(await passed(3), [])
    assert.deepEqual(await passed(5), ['operators@cascad.example: Appeal is overdue'])
    await decideAppeal(world.ctx(), appeal, ann, { verdict: 'confirm', comment: 'The bank says yes.' })
    assert.deepEqual(await told(), ['appeals@harbour.example: Appeal: confirmed'])
    assert.deepEqual(await passed(24), [])
  })

  test('the first of two operators who confirm against a rejection tells nobody', async () => {
    const appeal = await world.submitted(await world.failed())
    await rejectAppeal(world.ctx(), appeal, desk, rejection)
    await world.contested(appeal)
    const told = watcher(appeal)
    await told()
    await decideAppeal(world.ctx(), appeal, ann, { verdict: 'confirm', comment: 'I saw it.' })
    assert.deepEqual(await told(), [])
    await decideAppeal(world.ctx(), appeal, ben, { verdict: 'confirm', comment: 'So did I.' })
    assert.deepEqual(await told(), ['appeals@harbour.example: Appeal: confirmed'])
  })
})

test('a letter has the state, the terms and a link, and nothing that people wrote or what belongs to them', async () => {
  const account = await world.account()
  const name = 'Книгарня\r\nBcc: thief@evil.example'
  await world.ctx().sql`update accounts set name = ${name} where id = ${account.id}`
  forgetAccount(world.ctx(), account.id)
  const state = await world.failed({ customer })
  const appeal = await byPayer(state, 'uk')
  await world.work()
  await rejectAppeal(world.ctx(), appeal, desk, { ...rejection, reason: 'amount_differs', amount_seen_minor: 120_050n })
  const { payment } = state
  const mails = await mailsOf(appeal)
  const payer = mails.filter(({ audience }) => audience === 'payer').at(-1)
  assert.equal(payer?.title, '[test] Переказ не підтверджено – Книгарня Bcc: thief@evil.example')
  assert.match(payer?.body ?? '', /^Надійшла інша сума\. Якщо ви не згодні/)
  assert.ok(payer?.body.includes(`Сторінка: https://pay.example.com/redirect/hpp/?cpi=${payment.id}&locale=uk\n`))
  assert.ok(payer?.body.replaceAll('\u00a0', ' ').includes('Надіслана сума: 3 900,00 RUB\n'))
  const merchants = mails.filter(({ audience }) => audience === 'merchant').at(-1)
  assert.match(
    merchants?.body ?? '',
    /another amount arrived\.\nAmount that the provider has seen: 1,200\.50\sRUB\.\nThe rejection can be contested until/,
  )
  assert.ok(merchants?.body.includes(`GET /api/payment-invoices/${payment.id}/appeals`))
  const all = mails.map(({ title, body }) => `${title}\n${body}`).join('\n')
  assert.doesNotMatch(all, /Ivanov|79991234567|payer@home|\r|\d{13}/)
  await world.ctx().sql`update accounts set name = ${account.name} where id = ${account.id}`
  forgetAccount(world.ctx(), account.id)
})

test('the amount a payer accepts goes on in a new appeal, in his language', async () => {
  const appeal = await byPayer(await world.failed({ customer }), 'ru')
  await world.work()
  await rejectAppeal(world.ctx(), appeal, desk, { ...rejection, reason: 'amount_differs', amount_seen_minor: 120_050n })
  const done = await acceptAmount(world.ctx(), appeal, { side: 'payer', name: 'payer', ip: null })
  assert.ok(done.accepted)
  const old = (await mailsOf(appeal)).filter(({ audience }) => audience === 'payer').at(-1)
  assert.match(old?.title ?? '', /Сумма принята/)
  const next = (await mailsOf(done.appeal)).filter(({ audience }) => audience === 'payer')
  assert.deepEqual(
    next.map(({ title }) => title.split(' – ')[0]),
    ['[test] Обращение принято'],
  )
})

test('whoever gave no address is told nothing, and without a mail server nobody is', async () => {
  await withOption('notification_email', null)
  const silent = await byPayer(
    await world.failed({ customer: { ...customer, reference_id: 'payer-2', email: null } }),
    'en',
  )
  assert.equal((await mailsOf(silent)).length, 0)
  await withOption('notification_email', 'appeals@harbour.example')
  const { config } = world.ctx()
  const { mail } = config
  Object.assign(config, { mail: null })
  const unheard = await world.opened(await world.failed({ customer }))
  Object.assign(config, { mail })
  assert.equal((await mailsOf(unheard)).length, 0)
})

test('a step that is not written queues no mail', async () => {
  const appeal = await world.submitted(await world.failed())
  const told = watcher(appeal)
  await told()
  const both = await Promise.all([
    acceptAppeal(world.ctx(), appeal, desk),
    rejectAppeal(world.ctx(), appeal, desk, rejection),
  ])
  const accepted = both[0]?.result === 'moved'
  const titles = accepted ? ['confirmed', 'the provider agrees'] : ['the provider does not agree']
  assert.deepEqual(
    await told(),
    titles.map((title) => `appeals@harbour.example: Appeal: ${title}`),
  )
})
