/** People who decide about appeals: the desks' at their dashboard, over HTTP, and the platform's operators. */
import { setTimeout as sleep } from 'node:timers/promises'
import { formatMinor } from '@cascad/money'
import type { Appeal } from '../../apps/server/src/appeals/appeal.ts'
import { decideAppeal } from '../../apps/server/src/appeals/decide-appeal.ts'
import { findAppealById } from '../../apps/server/src/appeals/find-appeal.ts'
import { sampleFiles } from '../../apps/server/src/appeals/sample-files.ts'
import { providerCredentials } from '../../apps/server/src/demo/seed-people.ts'
import { type Browser, signIn } from '../../apps/server/src/provider-api/sample-people.ts'
import type { Product } from '../product/product.ts'
import { pause_ms } from './patient-request.ts'

export type Verdict = 'accept' | 'reject' | 'amount_differs'

export type People = {
  /** HTTP status of the desk's answer. */
  readonly judge: (appeal: Appeal, verdict: Verdict) => Promise<number>
  /** By as many operators as it takes. */
  readonly decide: (appeal: Appeal, decision: 'confirm' | 'cancel') => Promise<void>
}

const tries_max = 80
const evidence = { name: 'statement.pdf', content_base64: Buffer.from(sampleFiles.pdf).toString('base64') }

/** The owners of all demo providers sign in at the API process, which may die as often as it wants. */
export async function openPeople({ ctx }: Product, url: string): Promise<People> {
  const browsers = new Map<string, Browser>()
  for (const { id, login, password } of providerCredentials(ctx))
    browsers.set(id, await signIn(url, { email: login, password }))
  return {
    async judge(appeal, verdict) {
      const browser = browsers.get(appeal.provider_id)
      if (!browser) throw new Error(`nobody sits at ${appeal.provider_id}`)
      const { path, body } = said(appeal, verdict)
      for (let tries = 1; ; tries += 1) {
        try {
          return (await browser.post(path, body)).status
        } catch (error) {
          if (tries >= tries_max) throw error
          await sleep(pause_ms)
        }
      }
    },
    async decide({ id }, verdict) {
      for (const name of ['Ann', 'Ben']) {
        const appeal = await findAppealById(ctx.sql, id)
        if (appeal?.state !== 'arbitration') return
        const operator = { side: 'operator', name, ip: null } as const
        await decideAppeal(ctx, appeal, operator, { verdict, comment: `${name} has looked at both sides.` })
      }
    },
  }
}

function said({ id, original_minor }: Appeal, verdict: Verdict): { path: string; body: object } {
  if (verdict === 'accept') return { path: `/appeals/${id}/accept`, body: {} }
  const path = `/appeals/${id}/reject`
  if (verdict === 'reject') return { path, body: { reason: 'payment_not_found', evidence } }
  // Half of what was asked for has come in.
  return { path, body: { reason: 'amount_differs', amount_seen: formatMinor(original_minor / 2n, 2), evidence } }
}
