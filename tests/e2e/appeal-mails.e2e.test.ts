/** From the payer's form to his mailbox: a worker, a mail server, and the link in the mail. Cascade API, 11.2. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type SampleMailServer, sampleMailConfig, startMailServer } from '../../apps/server/src/mail/sample-server.ts'
import { startMailWork } from '../../apps/server/src/mail/work.ts'
import { until } from '../product/time.ts'
import { openTransfers, pdf, type Transfers } from '../transfers.ts'

let world: Transfers
let server: SampleMailServer
let work: ReturnType<typeof startMailWork> = []
before(async () => {
  world = await openTransfers()
  server = await startMailServer()
  Object.assign(world.ctx.config, { mail: sampleMailConfig(server.port) })
  work = startMailWork(world.ctx)
})
after(async () => {
  await Promise.all(work.map((one) => one.stop()))
  await server.close()
  await world.close()
})

const mails = () => server.received.filter(({ to }) => to[0] === 'payer@home.example')
const titles = (): string[] =>
  mails()
    .map(({ headers }) => headers.get('subject')?.[0]?.split(' – ')[0] ?? '')
    .sort()

test('a payer who appeals on the page in Ukrainian is answered in Ukrainian, and the link leads back there', async () => {
  const { id, hpp_url } = await world.transfer({
    customer: { reference_id: 'mail-1', email: 'payer@home.example', name: 'Ivan Ivanov' },
  })
  await fetch(hpp_url)
  await until('requisites are shown', async () => (await world.orders(id)).length === 1 && (await isIssued(id)))
  await world.finish(id)
  await until('their time is over', async () => !(await isIssued(id)))
  const form = new FormData()
  form.set('reason', 'not_credited')
  form.set('amount', '')
  form.set('comment', 'Це був Ivan Ivanov.')
  form.set('receipt', new Blob([pdf], { type: 'application/pdf' }), 'receipt.pdf')
  const sent = await fetch(`${world.url}/hpp/appeal?cpi=${id}&locale=uk`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  })
  assert.equal(sent.status, 303)
  await until('two mails are there', async () => mails().length === 2)
  assert.deepEqual(titles(), ['[test] Звернення прийнято', '[test] Шукаємо ваш переказ'])
  await world.reject(id)
  await until('the third is there', async () => mails().length === 3)
  const mail = mails().at(-1)
  assert.match(mail?.text ?? '', /Переказ не знайшли в банку отримувача/)
  const link = /https?:\/\/\S+/.exec(mail?.text ?? '')?.[0] ?? ''
  const page = await fetch(link)
  const html = await page.text()
  assert.deepEqual([page.status, /<html lang="([a-z]+)"/.exec(html)?.[1]], [200, 'uk'])
  assert.ok(page.url.includes(id))
  assert.doesNotMatch(server.received.map(({ text }) => text).join(), /Ivan/)
})

async function isIssued(payment_id: string): Promise<boolean> {
  const rows = await world.ctx
    .sql`select 1 from provider_payments where payment_id = ${payment_id} and state = 'issued'`
  return rows.length === 1
}
