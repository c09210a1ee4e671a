import { startAppealWork } from './appeals/work.ts'
import { startCallbackWork } from './callbacks/work.ts'
import { startCardApiWork } from './card-api/work.ts'
import { startRateFeedWork } from './cascades/rate-feed-work.ts'
import { startCascadeWork } from './cascades/work.ts'
import type { Context } from './context.ts'
import { startClearingSettingsChanges } from './database/clear-settings-changes.ts'
import { startLedgerWork } from './ledger/work.ts'
import { startMailWork } from './mail/work.ts'
import { stopRuns } from './payments/running.ts'
import { startPaymentWork } from './payments/work.ts'
import { startProviderEventWork } from './provider-events/work.ts'
import { startRequisitesWork } from './requisites/work.ts'
import { startRoutingWork } from './routing/work.ts'

export type Work = { readonly stop: () => Promise<void> }

/** Starts all that a worker does. `stop` claims no more, and resolves when what is in hand is done. */
export function startWork(ctx: Context): Work {
  const running = [
    ...startAppealWork(ctx),
    ...startCallbackWork(ctx),
    startCardApiWork(ctx),
    startCascadeWork(ctx),
    ...startRateFeedWork(ctx),
    startLedgerWork(ctx),
    ...startMailWork(ctx),
    ...startPaymentWork(ctx),
    ...startProviderEventWork(ctx),
    ...startRequisitesWork(ctx),
    startRoutingWork(ctx),
    startClearingSettingsChanges(ctx),
  ]
  return {
    async stop() {
      await Promise.all(running.map((work) => work.stop()))
      await stopRuns(ctx)
    },
  }
}
