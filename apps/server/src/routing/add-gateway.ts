import type { Context } from '../context.ts'
import { createGateway, type GatewayOrder } from './create-gateway.ts'
import { selectNextGatewayId } from './gateway-settings-table.ts'

export type GatewayWish = Omit<GatewayOrder, 'gateway_id'> & {
  /** `null` = the next one. */
  readonly gateway_id: number | null
}

export const gateway_id_max = 999_999_999

/** Others may take the next number first. */
const tries_max = 20

/** Makes a gateway and returns its id, or what is wrong. */
export async function addGateway(ctx: Context, wish: GatewayWish): Promise<number | string> {
  for (let tries = 1; ; tries += 1) {
    const gateway_id = wish.gateway_id ?? (await selectNextGatewayId(ctx.sql))
    if (gateway_id > gateway_id_max)
      return `${gateway_id_max} is taken and there is no next id: choose one by gateway_id=…`
    const mistake = await createGateway(ctx, { ...wish, gateway_id })
    if (mistake === null) return gateway_id
    if (wish.gateway_id !== null || tries === tries_max) return mistake
  }
}
