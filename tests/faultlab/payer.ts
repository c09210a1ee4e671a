/** The payer at the bank's page, and the ways back. */
import type { Payer } from './trouble.ts'

/** `page`: ours, where the payer came from; opened early by one who cannot wait. */
export async function meetBank(payer: Payer, action: string, creq: string, page?: string): Promise<void> {
  const { choice, returns, early } = payer
  if (early && page) await open(`${page}/return`)
  if (choice === 'leave') return
  const response = await fetch(`${action}/answer`, {
    method: 'POST',
    body: new URLSearchParams({ creq, choice }),
    redirect: 'manual',
  })
  const back = response.headers.get('location')
  if (!back) throw new Error(`the bank sends nobody back: ${response.status}`)
  await Promise.all(Array.from({ length: returns }, () => open(back)))
}

async function open(url: string): Promise<void> {
  const response = await fetch(url, { redirect: 'manual' })
  await response.body?.cancel()
  if (response.status >= 500) throw new Error(`the way back answers ${response.status}`)
}
