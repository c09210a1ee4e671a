/** What the merchant and the payer of a row do, as the published advice says: ask when unsure, go on only after `failed`. */
import { randomUUID } from 'node:crypto'
import { paymentRequest, type ShopAnswer, type ShopClient } from '../../apps/server/src/card-api/sample-shop.ts'
import { seen } from '../card-shop.ts'
import { childOf, part_minor, whole_minor } from './expect.ts'
import type { Lane } from './lane.ts'
import { meetBank } from './payer.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Answer = any

/** What the merchant of a row knows. */
export type Story = {
  readonly lane: Lane
  readonly url: string
  /** Of the invoice, or uids of payments and authorizations, oldest first. */
  readonly ids: string[]
  /** What was answered to the requests, in their order. */
  readonly answers: string[]
  child_id: string | null
}

export function openStory(lane: Lane, url: string): Story {
  return { lane, url, ids: [], answers: [], child_id: null }
}

const card_number = '5519283812030000'
const patience_ms = 600

export async function begin(story: Story): Promise<void> {
  await (story.lane.row.face === 'invoice' ? payInvoice(story) : payByCard(story))
}

async function payInvoice(story: Story): Promise<void> {
  const { lane, url, answers, ids } = story
  const { trouble } = lane.row
  const { status, body } = await callApi(story, '/api/payment-invoices', {
    reference_id: lane.name,
    amount: decimals(whole_minor),
    currency: 'USD',
    service: 'payment_card_usd_hpp',
    test_mode: true,
  })
  if (status !== 201) throw new Error(`no invoice: ${status} ${JSON.stringify(body)}`)
  ids.push(body.data.id)
  const { token } = body.data.attributes.flow_data.metadata
  const sale = async (signal?: AbortSignal): Promise<Answer> => {
    const response = await fetch(`${url}/payment/sale`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ card_number, card_holder: 'JOHN WICK', cvv: '123', exp_month: '12', exp_year: '2031' }),
      ...(signal && { signal }),
    })
    const answer: Answer = await response.json()
    answers.push(`${response.status} ${answer.data?.attributes?.status ?? answer.errors?.[0]?.code ?? ''}`.trim())
    return answer
  }
  const answer = await patiently(story, sale)
  const payload = answer.data?.attributes?.auth_payload
  if (trouble.payer && payload) await meetBank(trouble.payer, payload.action, payload.params.creq)
}

async function payByCard(story: Story): Promise<void> {
  await tryGateway(story)
  await goOn(story)
}

/** The merchant-driven cascade: as long as the answer is `failed` and names a gateway. */
export async function goOn(story: Story): Promise<void> {
  const { lane, url, ids } = story
  const { face, cascade, trouble } = lane.row
  if (face === 'invoice' || cascade === 'automatic' || trouble.payer) return
  const shop = lane.shop(url)
  for (let tries = 0; tries < 4; tries += 1) {
    const known = await Promise.all(ids.map(async (uid) => seen(await shop.call('GET', `/transactions/${uid}`))))
    const last = known.at(-1)
    if (last?.status !== 'failed' || typeof last.section?.gateway_id !== 'number') return
    await tryGateway(
      story,
      known.map(({ section }) => section.gateway_id),
    )
  }
}

async function tryGateway(story: Story, excluded?: readonly number[]): Promise<void> {
  const { lane, url, ids, answers } = story
  const { step, trouble, cascade } = lane.row
  const path = step === 'capture' || step === 'void' ? '/transactions/authorizations' : '/transactions/payments'
  const request = paymentRequest(card_number, {
    amount: Number(whole_minor),
    tracking_id: lane.name,
    return_url: 'https://shop.example/back',
    ...(cascade === 'merchant' && excluded ? { additional_data: { excluded_gateways: excluded } } : {}),
  })
  const headers = { requestid: randomUUID() }
  const answer = await patiently(story, (signal) => callShop(story, lane.shop(url), path, request, headers, signal))
  const { uid, redirect_url } = seen(answer)
  if (!uid) throw new Error(`no transaction: ${answer.status} ${JSON.stringify(answer.body)}`)
  ids.push(uid)
  answers.push(textOf(lane, answer))
  if (trouble.payer && redirect_url) await meetBank(trouble.payer, ...(await bankOf(redirect_url)), redirect_url)
}

/** A client of the shop knows no signal: who gives up does not read the answer. */
async function callShop(
  _story: Story,
  shop: ShopClient,
  path: string,
  request: object,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<ShopAnswer> {
  const answer = shop.call('POST', path, { request }, headers)
  if (!signal) return answer
  answer.catch(() => undefined)
  return Promise.race([
    answer,
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
  ])
}

/** An impatient merchant breaks off and sends the same again, until it is answered. */
async function patiently<T>({ lane, answers }: Story, ask: (signal?: AbortSignal) => Promise<T>): Promise<T> {
  if (!lane.row.trouble.impatient) return ask()
  try {
    return await ask(AbortSignal.timeout(patience_ms))
  } catch {
    answers.push('given up')
    return ask()
  }
}

async function bankOf(redirect_url: string): Promise<[action: string, creq: string]> {
  const page = await (await fetch(redirect_url, { redirect: 'manual' })).text()
  const action = /action="([^"]+\/acquirer\/acs)"/.exec(page)?.[1]
  const creq = /name="creq" value="([^"]+)"/.exec(page)?.[1]
  if (!action || !creq) throw new Error(`the page of ${redirect_url} leads to no bank: ${page.slice(0, 300)}`)
  return [action, creq]
}

/** Captures, voids or refunds the payment, with the gateway misbehaving from now on. */
export async function follow(story: Story): Promise<void> {
  const { lane, url, ids, answers } = story
  const { row, product, terminals } = lane
  const kind = childOf(row)
  const id = ids.at(-1)
  if (kind === null || id === undefined) return
  product.simulators.control.setScript(terminals[0] ?? '', row.trouble.script ?? {})
  if (row.face === 'invoice') {
    const wish = { reference_id: 'r1', amount: decimals(part_minor) }
    const { status, body } = await callApi(story, `/api/payment-invoices/${id}/refund`, wish)
    story.child_id = body.data?.id ?? null
    answers.push(`${kind} ${status}`)
    return
  }
  const amount = kind === 'void' ? whole_minor : part_minor
  const answer = await lane.shop(url).call('POST', `/transactions/${kind}s`, {
    request: { parent_uid: id, amount: Number(amount), ...(kind === 'refund' && { reason: 'Sent back' }) },
  })
  story.child_id = seen(answer).uid ?? null
  answers.push(`${kind} ${textOf(lane, answer)}`)
}

/** The trouble is over: questions and orders are answered again, and what the gateways still think about is decided by the truth. */
export function recover({ lane }: Story): void {
  const { control } = lane.product.simulators
  const well = { lookups: 'normal', captures: 'approve', cancels: 'approve', refunds: 'approve' } as const
  for (const terminal of lane.terminals) control.setScript(terminal, well)
  const approved = lane.row.trouble.truth === 'taken'
  for (const { terminal, reference, status, children } of control.ledger()) {
    if (!lane.terminals.includes(terminal)) continue
    if (status === 'pending') control.decide(terminal, reference, approved)
    for (const child of children) if (child.status === 'pending') control.decide(terminal, child.reference, approved)
  }
}

/** `successful` with the gateway counted from 1, or what was refused. */
function textOf({ gateways }: Lane, answer: ShopAnswer): string {
  const { status, section } = seen(answer)
  if (status === undefined || answer.status !== 200) return String(answer.status)
  const place = gateways.indexOf(section?.gateway_id) + 1
  return place > 0 ? `${status}@${place}` : status
}

function decimals(minor: bigint): string {
  return `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`
}

export async function callApi(
  { lane, url }: Story,
  path: string,
  body?: object,
): Promise<{ status: number; body: Answer }> {
  const { id, api_key } = lane.merchant
  const response = await fetch(url + path, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Basic ${btoa(`${id}:${api_key}`)}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() }
}
