/** What the demo shop sells. Prices are decimal text in the product's currency. */

/** Goods of one merchant account, paid in one currency. */
export type Shelf = {
  readonly name: 'things' | 'cruises'
  /** `null` = the first account of the demo. */
  readonly account_id: string | null
  readonly currency: string
}

export const shelves: readonly Shelf[] = [
  { name: 'things', account_id: null, currency: 'USD' },
  { name: 'cruises', account_id: 'coma_DemoVolnaTravels', currency: 'RUB' },
]
const [things, cruises] = shelves as [Shelf, Shelf]

export type Product = {
  readonly id: string
  readonly shelf: Shelf
  readonly name: string
  readonly line: string
  readonly price: string
  /** Of the platform: how it is paid unless the payer chooses. */
  readonly service: string
  /** The same in a word for buyers; `null` = by card, which needs no words. */
  readonly paid_by: string | null
  /** What the price brings about at the simulated providers. */
  readonly note: string | null
  /** Paths of a drawing on a field of 48 × 48. */
  readonly drawing: string
}

const byCard = { shelf: things, service: 'payment_card_usd_hpp', paid_by: null } as const

export const products: readonly Product[] = [
  {
    ...byCard,
    id: 'lantern',
    name: 'Storm lantern',
    line: 'Burns sixty hours, in any wind',
    price: '24.90',
    note: null,
    drawing: 'M17 18h14l3 20H14zM19 18v-5a5 5 0 0 1 10 0v5M24 24c4 4 3 8 0 9-3-1-4-5 0-9M12 42h24',
  },
  {
    ...byCard,
    id: 'socks',
    name: 'Wool socks',
    line: 'Knitted twice at the heel',
    price: '10.91',
    note: 'The first bank declines this price, the second approves it: watch the cascade.',
    drawing: 'M18 6h12v20l-8 13a6 6 0 0 1-10-6l6-9zM18 12h12M12 33l9 6',
  },
  {
    ...byCard,
    id: 'flask',
    name: 'Enamel flask',
    line: 'Three cups of tea, hot until evening',
    price: '36.00',
    note: null,
    drawing: 'M18 16h12v24a2 2 0 0 1-2 2h-8a2 2 0 0 1-2-2zM19 6h10v6H19zM18 16l1-4h10l1 4M18 24h12',
  },
  {
    ...byCard,
    id: 'tent',
    name: 'Two-person tent',
    line: 'Stands in four minutes, weighs as much as a cat',
    price: '249.00',
    note: null,
    drawing: 'M24 10 6 40h36zM24 10v-4M24 22l-8 18M24 22l8 18',
  },
  {
    id: 'yaroslavl',
    shelf: cruises,
    name: 'Three days to Yaroslavl',
    line: 'Two decks, one samovar, no hurry',
    price: '8900.17',
    service: 'card_transfer_rub_invoice',
    paid_by: 'Transfer to a card',
    note: 'Volga Desk refuses this price, Neva Desk gives a card. The money arrives 15 seconds later, without any transfer.',
    drawing: 'M6 32h36l-5 8H11zM12 32v-8h24v8M16 24v-6h16v6M24 18v-8M18 28h.1M24 28h.1M30 28h.1',
  },
  {
    id: 'ferry',
    shelf: cruises,
    name: 'Night ferry to Gorodets',
    line: 'Stars above, engine below',
    price: '3900.18',
    service: 'sbp_rub_invoice',
    paid_by: 'Transfer to a phone',
    note: 'The desk gets 3500 roubles instead and fails the payment after 5 seconds. Look again then, say that you have already paid, attach any PDF or picture: the desk agrees to 3500 and refuses every other amount.',
    drawing:
      'M8 30h32l-4 8H12zM14 30l2-8h16l2 8M33 6a7 7 0 1 0 7 9 6 6 0 0 1-7-9M10 43c3-2 5-2 7 0 3-2 5-2 7 0 3-2 5-2 7 0',
  },
  {
    id: 'dinner',
    shelf: cruises,
    name: "Captain's dinner",
    line: 'Pike perch, and stories about pike perch',
    price: '2400.03',
    service: 'bank_transfer_rub_invoice',
    paid_by: 'Transfer to an account',
    note: 'Nobody ever pays this one. Ask for other requisites, or wait half an hour until the time is over.',
    drawing: 'M8 34h32M12 34a12 12 0 0 1 24 0M24 22v-4M24 18h.1M6 38h36',
  },
  {
    id: 'nights',
    shelf: cruises,
    name: 'White nights on the Neva',
    line: 'Bring no torch',
    price: '5200.10',
    service: 'card_transfer_rub_invoice',
    paid_by: 'Transfer to a card',
    note: 'No desk has requisites for this price, so the payment goes on to the page of a bank.',
    drawing:
      'M4 40h40M8 40V22h6v18M34 40V22h6v18M14 30h20M24 14a6 6 0 0 1 6 6H18a6 6 0 0 1 6-6M24 6v3M34 10l-2 2M14 10l2 2',
  },
]

export function findProduct(id: unknown): Product | null {
  return products.find((product) => product.id === id) ?? null
}

const referenceForm = /^shop-([a-z]+)-[A-Za-z0-9]{12}$/

/** The product an order number of ours is about, `null` for every other text. */
export function productOfReference(reference: unknown): Product | null {
  const id = typeof reference === 'string' ? referenceForm.exec(reference)?.[1] : undefined
  return findProduct(id)
}

/** A new order number. It names the product, so that the shop needs no memory of orders. */
export function newReference(product: Product, random: string): string {
  return `shop-${product.id}-${random}`
}
