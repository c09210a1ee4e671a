/** Keeps a provider's own program to its promise: a payment stays payable until its window is over. Contract, section 18.2. */
import type { PaymentStatus } from './events.ts'
import type { CascadeHandlers } from './provider-kit.ts'

export type PaymentWindow = { readonly endsAt: Date; readonly cancelled: boolean }

export type WindowStore = {
  save(id: string, window: PaymentWindow): Promise<void>
  find(id: string): Promise<PaymentWindow | null>
}

/** Thrown when a payment would fail while it must still be payable. */
export class WindowOpen extends Error {
  readonly endsAt: Date

  constructor(endsAt: Date) {
    super('the payment must stay payable until its window is over')
    this.name = 'WindowOpen'
    this.endsAt = endsAt
  }
}

export type WindowGuard = {
  /** The same handlers; windows and cancellations are noted on their way. */
  watch(handlers: CascadeHandlers): CascadeHandlers
  /** Runs `change`, unless `status` is `failed` inside the window and nobody cancelled: then it throws WindowOpen. */
  setStatus<T>(id: string, status: PaymentStatus, change: () => Promise<T>): Promise<T>
}

/** Payments without `transactionWindowInMin`, and payments the store does not know, are not guarded. */
export function windowGuard(store: WindowStore = memoryWindows(), now: () => Date = () => new Date()): WindowGuard {
  return {
    watch: (handlers) => ({
      ...boundTo(handlers),
      async createPayment(data, ctx) {
        const issued = await handlers.createPayment(data, ctx)
        const minutes = data.transactionWindowInMin
        if (minutes !== undefined) {
          await store.save(issued.id, {
            endsAt: new Date(ctx.receivedAt.getTime() + minutes * 60_000),
            cancelled: false,
          })
        }
        return issued
      },
      async cancelPayment(data, ctx) {
        await handlers.cancelPayment(data, ctx)
        const window = await store.find(data.id)
        if (window) await store.save(data.id, { ...window, cancelled: true })
      },
    }),
    async setStatus(id, status, change) {
      const window = status === 'failed' ? await store.find(id) : null
      if (window && !window.cancelled && now() < window.endsAt) throw new WindowOpen(window.endsAt)
      return await change()
    },
  }
}

/** Handlers may be methods of a class: a plain copy would lose them. */
function boundTo(handlers: CascadeHandlers): CascadeHandlers {
  return {
    createPayment: (data, ctx) => handlers.createPayment(data, ctx),
    getPayment: (data, ctx) => handlers.getPayment(data, ctx),
    cancelPayment: (data, ctx) => handlers.cancelPayment(data, ctx),
    createAppeal: (data, ctx) => handlers.createAppeal(data, ctx),
    cancelAppeal: (data, ctx) => handlers.cancelAppeal(data, ctx),
    confirmAppeal: (data, ctx) => handlers.confirmAppeal(data, ctx),
  }
}

const windows_max = 100_000

/** In the memory of one process: the newest 100,000 payments. */
export function memoryWindows(): WindowStore {
  const windows = new Map<string, PaymentWindow>()
  return {
    async save(id, window) {
      windows.set(id, window)
      const oldest = windows.size > windows_max ? windows.keys().next().value : undefined
      if (oldest !== undefined) windows.delete(oldest)
    },
    find: async (id) => windows.get(id) ?? null,
  }
}
