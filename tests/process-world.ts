/** For tests: payers of the Card API without scripts, who open pages, answer at the bank and are charged or not. */
import assert from 'node:assert/strict'
import { type ShopAnswer, type ShopClient, shopClient } from '../apps/server/src/card-api/sample-shop.ts'
import { chargesOf } from './payer.ts'
import { type Answer, startWorld, type World } from './world.ts'

export type Opened = { readonly status: number; readonly to: string; readonly text: string }

export type ProcessWorld = {
  readonly world: World
  /** Shops without and with 3-D Secure. */
  readonly plain: ShopClient
  readonly secure: ShopClient
  /** Opens an address or sends it a form; follows nothing. `to`: where it leads, or empty. */
  readonly open: (address: string, form?: Record<string, string>) => Promise<Opened>
  /** From our page to the bank's, where the payer chooses; to where the bank sends him then. */
  readonly answerAtBank: (path: string, choice: 'confirm' | 'refuse' | 'leave') => Promise<string>
  readonly paymentOf: (uid: string) => Promise<{ account_id: string; payment_id: string }>
  readonly charges: (uid: string) => Promise<ReturnType<typeof chargesOf>>
  /** Amounts the payer is out of pocket for. */
  readonly taken: (uid: string) => Promise<string[]>
  readonly close: () => Promise<void>
}

export const challenged = '4012000000001097'
export const back = 'https://shop.example/back?order=5&sig=a%2Fb~c'

export const processPath = ({ body }: ShopAnswer): string => new URL(body.transaction.redirect_url).pathname

export async function shown(shop: ShopClient, uid: string): Promise<Answer> {
  const { status, body } = await shop.call('GET', `/transactions/${uid}`)
  assert.equal(status, 200)
  return body.transaction
}

export async function openProcessWorld(): Promise<ProcessWorld> {
  const world = await startWorld()
  const open: ProcessWorld['open'] = async (address, form) => {
    const response = await fetch(new URL(address, world.url), {
      redirect: 'manual',
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    return { status: response.status, to: response.headers.get('location') ?? '', text: await response.text() }
  }
  const paymentOf = async (uid: string) => {
    const [row] = await world.ctx.sql<{ account_id: string; payment_id: string }[]>`
      select account_id, payment_id from card_transactions where uid = ${uid}`
    assert.ok(row)
    return row
  }
  const charges = async (uid: string) => chargesOf(world, (await paymentOf(uid)).payment_id)
  return {
    world,
    plain: shopClient(world, 361),
    secure: shopClient(world, 362),
    open,
    async answerAtBank(path, choice) {
      const { action, form } = bankForm((await open(path)).text)
      const asked = await open(action, form)
      assert.equal(asked.status, 303)
      const answered = await open(new URL('/acquirer/acs/answer', action).href, { ...form, choice })
      assert.equal(answered.status, 303, answered.text)
      return answered.to
    },
    paymentOf,
    charges,
    taken: async (uid) => (await charges(uid)).flatMap(({ net_amount }) => (net_amount === '0' ? [] : [net_amount])),
    close: () => world.close(),
  }
}

/** The form that leads from our page to the bank's. */
export function bankForm(text: string): { readonly action: string; readonly form: Record<string, string> } {
  const action = /<form method="post" action="([^"]+)" data-leave/.exec(text)?.[1]
  assert.ok(action, text)
  const inputs = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)]
  return { action, form: Object.fromEntries(inputs.map(([, name, value]) => [name ?? '', value ?? ''])) }
}
