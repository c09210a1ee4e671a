/** An appeal in a crowd: its payer or merchant, the desk, and the operator, as far as each of them has planned to go. */
import { setTimeout as sleep } from 'node:timers/promises'
import { formatMinor } from '@cascad/money'
import type { Appeal, AppealState } from '../../apps/server/src/appeals/appeal.ts'
import { listAppealsOfPayment } from '../../apps/server/src/appeals/find-appeal.ts'
import { sampleFiles, sentReceipt } from '../../apps/server/src/appeals/sample-files.ts'
import { arrive, hurry, ordersShown } from './bank.ts'
import { form, pause_ms, request } from './patient-request.ts'
import type { TransferActor } from './transfer-payer.ts'
import type { AppealPlan } from './transfer-plan.ts'

const looks_max = 14

export async function complain(actor: TransferActor, payment_id: string, plan: AppealPlan): Promise<void> {
  await (plan.by === 'payer' ? byPayer : byMerchant)(actor, payment_id, plan)
  const appeal = await newest(actor, payment_id)
  if (!appeal) return
  const { people, product } = actor.street
  await inState(actor, payment_id, 'opened')
  const path = `/api/payment-invoices/${payment_id}/appeals/${appeal.id}`
  const order = (await ordersShown(product, payment_id)).at(-1)
  if (plan.found && order) arrive(product, order)
  const [status] = await Promise.all([
    plan.verdict === 'none' ? null : people.judge(appeal, plan.verdict),
    plan.found ? hurry(product, payment_id) : null,
    plan.answer === 'withdraw' ? actor.call('POST', `${path}/withdraw`) : null,
  ])
  if (status !== null) actor.note(`verdict ${plan.verdict} ${status}`)
  if ((await newest(actor, payment_id))?.state === 'rejected') await answerTo(actor, payment_id, appeal, plan)
  if ((await newest(actor, payment_id))?.state === 'arbitration') await people.decide(appeal, plan.decision)
}

function amountOf({ plan }: TransferActor, { amount }: AppealPlan): string | null {
  const asked = BigInt(plan.amount_minor)
  if (amount === 'same') return null
  return formatMinor(amount === 'more' ? asked + asked / 10n : asked - asked / 4n, 2)
}

async function byMerchant(actor: TransferActor, payment_id: string, plan: AppealPlan): Promise<void> {
  const amount = amountOf(actor, plan)
  const attributes = {
    reason: amount === null ? 'not_credited' : 'wrong_amount',
    ...(amount === null ? {} : { amount }),
    comment: 'The payer has sent us his receipt.',
    receipt: sentReceipt,
  }
  const path = `/api/payment-invoices/${payment_id}/appeals`
  const { status } = await actor.call('POST', path, { data: { type: 'payment-appeals', attributes } })
  actor.note(`appeal by the merchant ${status}`)
}

async function byPayer(actor: TransferActor, payment_id: string, plan: AppealPlan): Promise<void> {
  const amount = amountOf(actor, plan)
  const sent = (): FormData => {
    const fields = new FormData()
    fields.set('reason', amount === null ? 'not_credited' : 'wrong_amount')
    fields.set('amount', amount ?? '')
    fields.set('comment', '')
    fields.set('receipt', new Blob([Buffer.from(sampleFiles.pdf)], { type: 'application/pdf' }), 'receipt.pdf')
    return fields
  }
  const url = `${actor.street.url}/hpp/appeal?cpi=${payment_id}`
  const { status } = await request(url, { method: 'POST', body: sent() })
  actor.note(`appeal by the payer ${status}`)
}

/** To a desk's no. */
async function answerTo(
  actor: TransferActor,
  payment_id: string,
  { id }: Appeal,
  { by, answer }: AppealPlan,
): Promise<void> {
  if (answer === 'none') return
  const path = `/api/payment-invoices/${payment_id}/appeals/${id}`
  if (answer === 'withdraw') return void (await actor.call('POST', `${path}/withdraw`))
  if (by === 'payer') {
    const act = answer === 'contest' ? 'contest' : 'accept'
    const { status } = await request(
      `${actor.street.url}/hpp/appeal/${act}?cpi=${payment_id}`,
      form({ mark: id, comment: 'I did pay.' }),
    )
    return actor.note(`payer ${act} ${status}`)
  }
  const { status } =
    answer === 'contest'
      ? await actor.call('POST', `${path}/contest`, { text: 'Look again.' })
      : await actor.call('POST', `${path}/accept-amount`)
  actor.note(`merchant ${answer} ${status}`)
}

async function newest({ street }: TransferActor, payment_id: string): Promise<Appeal | null> {
  const all = await listAppealsOfPayment(street.product.ctx.sql, street.merchant.id, payment_id)
  return all.at(-1) ?? null
}

/** Until the appeal has left this state, for a while. */
async function inState(actor: TransferActor, payment_id: string, state: AppealState): Promise<void> {
  for (let looks = 0; looks < looks_max; looks += 1) {
    if ((await newest(actor, payment_id))?.state !== state) return
    await sleep(pause_ms)
  }
}
