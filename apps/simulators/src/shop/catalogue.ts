/** What the demo shop sells. Prices are decimal text in the shop's currency. */

export const currency = 'USD'

export type Product = {
  readonly id: string
  readonly name: string
  readonly line: string
  readonly price: string
  /** What the price brings about at the simulated acquirers. */
  readonly note: string | null
  /** Paths of a drawing on a field of 48 × 48. */
  readonly drawing: string
}

export const products: readonly Product[] = [
  {
    id: 'lantern',
    name: 'Storm lantern',
    line: 'Burns sixty hours, in any wind',
    price: '24.90',
    note: null,
    drawing: 'M17 18h14l3 20H14zM19 18v-5a5 5 0 0 1 10 0v5M24 24c4 4 3 8 0 9-3-1-4-5 0-9M12 42h24',
  },
  {
    id: 'socks',
    name: 'Wool socks',
    line: 'Knitted twice at the heel',
    price: '10.91',
    note: 'The first bank declines this price, the second approves it: watch the cascade.',
    drawing: 'M18 6h12v20l-8 13a6 6 0 0 1-10-6l6-9zM18 12h12M12 33l9 6',
  },
  {
    id: 'flask',
    name: 'Enamel flask',
    line: 'Three cups of tea, hot until evening',
    price: '36.00',
    note: null,
    drawing: 'M18 16h12v24a2 2 0 0 1-2 2h-8a2 2 0 0 1-2-2zM19 6h10v6H19zM18 16l1-4h10l1 4M18 24h12',
  },
  {
    id: 'tent',
    name: 'Two-person tent',
    line: 'Stands in four minutes, weighs as much as a cat',
    price: '249.00',
    note: null,
    drawing: 'M24 10 6 40h36zM24 10v-4M24 22l-8 18M24 22l8 18',
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
