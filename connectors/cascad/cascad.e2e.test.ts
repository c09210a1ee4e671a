/** The contract of connectors, against a second installation of the product with its own gateways, over a line that can fail. */
import { generateKeyPairSync } from 'node:crypto'
import type { Connector } from '@cascad/connector'
import { connectorContract, sampleCard } from '@cascad/connector/contract-suite'
import { shopCredentials } from '../../apps/server/src/demo/seed-shops.ts'
import { loadState } from '../../apps/server/src/payments/find-payment.ts'
import { receiveNotifications } from '../../apps/simulators/src/operations/receive-notifications.ts'
import { startWorld, type World } from '../../tests/world.ts'
import type { Credentials } from './credentials.ts'
import connector from './index.ts'
import { recorded } from './sample-answers.ts'
import { type Loss, openWire } from './sample-wire.ts'

const shop_id = 362

function newPublicKey(): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
}

async function credentialsOf({ ctx }: World, shop_id: number, base_url: string): Promise<Credentials> {
  const shop = (await shopCredentials(ctx)).find((one) => one.shop_id === shop_id)
  if (!shop) throw new Error(`the demo world has no shop ${shop_id}`)
  const public_key = shop.public_key.replace(/-----[A-Z ]+-----|\s/g, '')
  return { base_url, shop_id: String(shop_id), secret: shop.secret, public_key }
}

/** The other installation's gateways take one capture and give up whole holds: what the connector declares of any of them. */
function withSafeGateways({ ctx }: World): void {
  const connectors = ctx.connectors as Map<string, Connector>
  const { multi_capture, partial_cancel, cancel_charge, ...can } = (connectors.get('acquirer') as Connector).can
  connectors.set('acquirer', { ...(connectors.get('acquirer') as Connector), can })
}

connectorContract({
  connector,
  credentials: { base_url: 'http://127.0.0.1:1', shop_id: '362', secret: 'secret', public_key: newPublicKey() },
  charge: { card: sampleCard },
  answers: recorded,
  treatments: ['approve', 'action_required', 'pending'],
  held_treatments: ['pending', 'timeout_before', 'timeout_after', 'error_before', 'error_after'],
  read_timeout_ms: 2_000,
  async start() {
    const world = await startWorld()
    withSafeGateways(world)
    const { control } = world.simulators
    const serials = new Map<string, string>()
    const wire = await openWire(world.url, async (order) => {
      const { tracking_id } = JSON.parse(order).request
      const [row] = await world.ctx.sql<{ payment_id: string }[]>`
        select payment_id from card_transactions where tracking_id = ${tracking_id} and operation_id is null`
      if (row) serials.set(tracking_id, row.payment_id.slice('cpi_'.length))
    })
    const inbox = await receiveNotifications()
    const credentials = await credentialsOf(world, shop_id, wire.url)
    const sumOf = (reference: string, amount: 'net_amount' | 'held_amount'): bigint => {
      const serial = serials.get(reference)
      if (serial === undefined) return 0n
      const charges = control.ledger().filter((entry) => entry.reference.startsWith(`${serial}-`))
      return charges.reduce((sum, entry) => sum + BigInt(entry[amount]), 0n)
    }
    const scriptAll = (patch: Parameters<typeof control.setScript>[1]) => {
      for (const terminal of ['first', 'second', 'third']) control.setScript(terminal, patch)
    }
    return {
      credentials,
      unreachable: { ...credentials, base_url: 'http://127.0.0.1:1' },
      forged: { ...credentials, public_key: newPublicKey() },
      notification_url: inbox.url,
      treat(treatment) {
        const answers = { approve: 'approve', decline: 'decline', action_required: 'three_ds', pending: 'pending' }
        const own = answers[treatment as keyof typeof answers]
        scriptAll({ answer: (own ?? 'approve') as 'approve', code: '51' })
        wire.lose = own === undefined ? { loss: treatment as Loss, paths: /\/(payments|authorizations)$/ } : null
        return { card: sampleCard }
      },
      taken: (reference) => sumOf(reference, 'net_amount'),
      held: (reference) => sumOf(reference, 'held_amount'),
      treatHeld(treatment) {
        const own = treatment === 'approve' || treatment === 'pending' ? treatment : null
        scriptAll({ captures: own ?? 'approve', cancels: own ?? 'approve' })
        wire.lose = own ? null : { loss: treatment as Loss, paths: /\/(captures|voids)$/ }
      },
      async agree({ action, provider_reference }) {
        const [row] = await world.ctx.sql<{ account_id: string; payment_id: string }[]>`
          select account_id, payment_id from card_transactions where uid = ${provider_reference}`
        if (!row) throw new Error('the transaction is not there')
        const { attempts } = await loadState(world.ctx, row.account_id, row.payment_id)
        const challenge = attempts.at(-1)?.action
        if (!challenge || challenge.kind === 'requisites') throw new Error('no challenge waits')
        const body = new URLSearchParams({ ...challenge.params, choice: 'confirm' })
        const answered = await fetch(`${challenge.url}/answer`, { method: 'POST', body, redirect: 'manual' })
        if (answered.status !== 303) throw new Error(`the issuer's page answered ${answered.status}`)
        await fetch(`${action.url}/return`, { redirect: 'manual' })
      },
      notification: (reference) => inbox.next((body) => body.includes(reference)),
      async close() {
        await wire.close()
        await inbox.close()
        await world.close()
      },
    }
  },
})
