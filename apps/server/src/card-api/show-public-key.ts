import type { Shop } from '../accounts/shop.ts'
import { publicKeyOf } from '../accounts/shop-keys.ts'
import { CardProblem } from './card-problem.ts'
import type { ShopReply } from './shop-route.ts'

/** `GET /shops/{shop_id}/public-key`: a shop sees its own key only. */
export function showPublicKey(shop: Shop, shop_id: string): ShopReply {
  if (shop_id !== String(shop.shop_id)) throw new CardProblem(404, 'E.1004')
  return { body: { shop_id: shop.shop_id, public_key: publicKeyOf(shop, 'der'), pem: publicKeyOf(shop, 'pem') } }
}
