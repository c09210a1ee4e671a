/** Handlers that remember what they were given, for the tests of the kit. */
import type { Ctx } from './provider-kit.ts'
import { type CascadeHandlers, type CascadeOptions, createCascadeHandler } from './provider-kit.ts'

export const api_key = 'a-key-of-sixteen-or-more'

export type Heard = { readonly handler: keyof CascadeHandlers; readonly data: unknown; readonly ctx: Ctx }

/** Answers as the published examples do; `change` replaces single handlers. */
export function testProvider(change: Partial<CascadeHandlers> = {}, options: Partial<CascadeOptions> = {}) {
  const heard: Heard[] = []
  const logged: { readonly level: string; readonly fields: object }[] = []
  const note = (handler: keyof CascadeHandlers, data: unknown, ctx: Ctx) => void heard.push({ handler, data, ctx })
  const usual: CascadeHandlers = {
    createPayment: async ({ method }) => ({
      id: 'your-unique-transaction-id',
      status: 'pending',
      bank: 'Sberbank',
      owner: 'Ivan Ivanov',
      ...(method === 'card' && { cardNumber: '5363 5423 1029 7979' }),
      ...(method === 'sbp' && { sbpNumber: '+79001231234' }),
      ...(method === 'account' && { accountNumber: '40817810000000001234' }),
    }),
    getPayment: async () => ({ status: 'success' }),
    cancelPayment: async () => {},
    createAppeal: async () => ({ appealId: 'string' }),
    cancelAppeal: async () => {},
    confirmAppeal: async () => {},
    ...change,
  }
  const noting = Object.fromEntries(
    Object.entries(usual).map(([name, handler]) => [
      name,
      (data: never, ctx: Ctx) => {
        note(name as keyof CascadeHandlers, data, ctx)
        return handler(data, ctx)
      },
    ]),
  ) as CascadeHandlers
  const handle = createCascadeHandler({
    apiKey: api_key,
    handlers: noting,
    logger: {
      info: (fields) => void logged.push({ level: 'info', fields }),
      error: (fields) => void logged.push({ level: 'error', fields }),
    },
    ...options,
  })
  const send = async (body: string | Uint8Array, headers: Record<string, string | undefined> = {}, method = 'POST') => {
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
    const answer = await handle({ method, headers: { 'x-api-key': api_key, ...headers }, body: bytes })
    return { ...answer, document: JSON.parse(answer.body) }
  }
  return { handle, send, heard, logged }
}
