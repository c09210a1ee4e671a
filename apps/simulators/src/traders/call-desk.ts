/** Calls a desk as the platform does; for tests. */
import type { EventData, EventName, Method } from '@cascad/provider-kit/events'
import { writeEvent } from '@cascad/provider-kit/write-event'
import type { Simulators } from '../simulators.ts'

export type Reply = { readonly status: number; readonly text: string; readonly headers: Headers }

export type Caller = {
  readonly post: (body: string, headers?: Record<string, string>, desk?: string) => Promise<Reply>
  readonly send: <E extends EventName>(event: E, data: EventData[E]) => Promise<Reply>
  readonly create: (amount?: string, method?: Method) => Promise<Reply>
  /** The id of a payment that goes by this step. */
  readonly issued: (step?: string) => Promise<string>
  readonly statusOf: (id: string) => Promise<unknown>
}

export function asking(amount: string, method: Method = 'card'): EventData['CREATE_PAYMENT'] {
  return { amount, method, currencyRate: '85.5', currency: 'RUB', transactionWindowInMin: 30 }
}

/** Everything without a desk's name goes to `volga`. */
export function callDesk(simulators: () => Simulators): Caller {
  const post: Caller['post'] = async (body, headers = {}, desk = 'volga') => {
    const { endpoint_url, api_key } = simulators().desks.credentials(desk)
    const response = await fetch(endpoint_url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
      headers: { 'content-type': 'application/json', 'x-api-key': api_key, ...headers },
      body,
    })
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
  const send: Caller['send'] = (event, data) => post(writeEvent(event, data))
  const create: Caller['create'] = (amount = '3900', method = 'card') => send('CREATE_PAYMENT', asking(amount, method))
  return {
    post,
    send,
    create,
    async issued(step = 'issue') {
      simulators().desks.script('volga', { steps: [step] })
      const { status, text } = await create()
      if (status !== 201) throw new Error(`the desk answered ${status} to ${step}`)
      return JSON.parse(text).id
    },
    statusOf: async (id) => JSON.parse((await send('GET_PAYMENT', { id })).text).status,
  }
}
