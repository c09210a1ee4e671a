/**
 * A merchant's server that sends cards itself, and its payer: goes on by itself after `failed` only, asks again under the same
 * RequestID when nobody answered, and captures, gives up and refunds at random.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { shopClient } from '../../apps/server/src/card-api/sample-shop.ts'
import { createDraw, type Draw, drawWeighted } from '../../apps/simulators/src/terminals/random.ts'
import { seen as fieldsOf, speaking, type Version, versions } from '../card-shop.ts'
import type { Street } from './payer.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Answer = any

export type Follow = 'none' | 'refund' | 'refunds_at_once' | 'void' | 'captures_at_once' | 'capture_beside_void'

export type ShopperPlan = {
  readonly index: number
  readonly shop_id: number
  readonly version: Version
  readonly type: 'payments' | 'authorizations'
  readonly amount: number
  readonly number: string
  /** Goes on to another gateway after `failed`. */
  readonly goes_on: boolean
  /** After this time of silence the same is sent again. */
  readonly patience_ms: number
  readonly challenge: 'confirm' | 'refuse' | 'leave'
  readonly comes_back: boolean
  readonly follow: Follow
}

/** What the shopper knows of. */
export type Shopped = { readonly uids: readonly string[]; readonly notes: readonly string[] }

export function isShopper(seed: number, index: number): boolean {
  return createDraw(seed, `face ${index}`)(100) < 35
}

const numbers = ['5519283812030000', '5519283812030000', '5123817234060000', '4200000000100016', '4200000000100024']

function pick<T>(draw: Draw, from: readonly T[]): T {
  return from[draw(from.length)] as T
}

export function drawShopper(seed: number, index: number): ShopperPlan {
  const draw = createDraw(seed, `shopper ${index}`)
  const type = draw(100) < 55 ? 'payments' : 'authorizations'
  const ofPayments = { none: 45, refund: 25, refunds_at_once: 20, void: 10 }
  const ofHolds = { none: 10, captures_at_once: 40, void: 20, capture_beside_void: 30 }
  return {
    index,
    shop_id: pick(draw, [361, 362, 363]),
    version: pick(draw, versions),
    type,
    amount: 500 + draw(50_000),
    number: pick(draw, numbers),
    goes_on: draw(100) < 80,
    patience_ms: draw(3) === 0 ? 400 + draw(2_000) : calm_ms,
    challenge: drawWeighted({ confirm: 70, refuse: 15, leave: 15 }, draw, 'confirm'),
    comes_back: draw(100) < 80,
    follow: drawWeighted<Follow>(type === 'payments' ? ofPayments : ofHolds, draw, 'none'),
  }
}

const repeats_max = 120
const calm_ms = 30_000
const hops_max = 3
const looks_max = 12
const pause_ms = 250

export async function runShopper({ product, url, run_id }: Street, plan: ShopperPlan): Promise<Shopped> {
  const shop = speaking(shopClient({ ctx: product.ctx, url }, plan.shop_id), plan.version)
  const uids: string[] = []
  const notes: string[] = []
  const name = `${run_id}-${plan.index}`

  /** The same request under the same RequestID, until it is answered: the process may be dead, or still at it. */
  async function send(path: string, request: object, request_id: string): Promise<Answer> {
    for (let tries = 0; tries < repeats_max; tries += 1) {
      const asked = shop.call('POST', path, { request }, { requestid: `${name}-${request_id}` }).catch(() => null)
      // In the end he waits as long as it takes: on a loaded machine no answer comes within a hurry.
      const patience_ms = tries < repeats_max / 2 ? plan.patience_ms : calm_ms
      const answer = await Promise.race([asked, sleep(patience_ms, null, { ref: false })])
      if (answer && answer.status !== 409 && answer.status < 500) {
        if (answer.status !== 200)
          notes.push(`${path} ${answer.status} ${fieldsOf(answer).response?.message ?? fieldsOf(answer).message ?? ''}`)
        return answer.status === 200 ? fieldsOf(answer) : null
      }
      await sleep(pause_ms)
    }
    throw new Error(`${path} of ${name} was never answered`)
  }
  async function look(uid: string): Promise<Answer> {
    const answer = await shop.call('GET', `/transactions/${uid}`).catch(() => null)
    return answer?.status === 200 ? fieldsOf(answer) : null
  }

  const request = {
    amount: plan.amount,
    currency: 'USD',
    description: `simulation ${plan.index}`,
    tracking_id: name,
    duplicate_check: false,
    notification_url: product.shop.url,
    return_url: 'https://shop.example/back',
    credit_card: {
      number: plan.number,
      verification_value: '123',
      holder: 'John Doe',
      exp_month: '08',
      exp_year: '2034',
    },
    customer: { ip: '127.0.0.1' },
  }
  const excluded: number[] = []
  let last: Answer = null
  for (let hop = 0; hop <= hops_max; hop += 1) {
    const more = hop === 0 ? {} : { additional_data: { excluded_gateways: excluded } }
    last = await send(`/transactions/${plan.type}`, { ...request, ...more }, `hop-${hop}`)
    if (!last) break
    uids.push(last.uid)
    if (last.status === 'incomplete') await meetBank(last.redirect_url, plan)
    for (let looks = 0; looks < looks_max && ['pending', 'incomplete'].includes(last.status); looks += 1) {
      await sleep(pause_ms * 2)
      last = (await look(last.uid)) ?? last
    }
    const gateway_id = last.section?.gateway_id
    if (last.status !== 'failed' || !plan.goes_on || typeof gateway_id !== 'number') break
    excluded.push(gateway_id)
  }
  if (last?.status === 'successful') await follow(last.uid)
  return { uids, notes }

  async function follow(parent_uid: string): Promise<void> {
    const child = async (kind: 'captures' | 'voids' | 'refunds', amount: number, n: number): Promise<void> => {
      const reason = kind === 'refunds' ? { reason: 'Sent back' } : {}
      const answer = await send(
        `/transactions/${kind}`,
        { parent_uid, amount, duplicate_check: false, ...reason },
        `${kind}-${n}`,
      )
      if (answer) uids.push(answer.uid)
    }
    const { amount } = plan
    const half = Math.floor(amount / 2) + 1
    switch (plan.follow) {
      case 'refund':
        return child('refunds', Math.floor(amount / 3), 1)
      case 'refunds_at_once':
        await Promise.all([1, 2, 3].map((n) => child('refunds', half, n)))
        return
      case 'void':
        return child('voids', amount, 1)
      case 'captures_at_once':
        await Promise.all([1, 2, 3].map((n) => child('captures', half, n)))
        return
      case 'capture_beside_void':
        await Promise.all([child('captures', half, 1), child('voids', amount, 1)])
    }
  }
}

async function meetBank(redirect_url: string, { challenge, comes_back }: ShopperPlan): Promise<void> {
  const page = await visit(redirect_url, {})
  const action = /action="([^"]+\/acquirer\/acs)"/.exec(page.text)?.[1]
  const creq = /name="creq" value="([^"]+)"/.exec(page.text)?.[1]
  if (!action || !creq || challenge === 'leave') return
  const { location } = await visit(`${action}/answer`, {
    method: 'POST',
    body: new URLSearchParams({ creq, choice: challenge }),
  })
  if (comes_back && location) await visit(location, {})
}

/** A browser that tries a few times while the process is away, and then gives up. */
async function visit(url: string, init: RequestInit): Promise<{ text: string; location: string | null }> {
  for (let tries = 0; tries < 20; tries += 1) {
    const response = await fetch(url, { redirect: 'manual', ...init }).catch(() => null)
    if (response) return { text: await response.text(), location: response.headers.get('location') }
    await sleep(pause_ms)
  }
  return { text: '', location: null }
}
