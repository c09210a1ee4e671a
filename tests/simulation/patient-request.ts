/** A request that is repeated until somebody answers: the process may be dead for a moment. */
import { setTimeout as sleep } from 'node:timers/promises'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
type Answer = any
export type Reply = { readonly status: number; readonly body: Answer; readonly location: string }

const patience = 80
export const pause_ms = 250

export async function request(url: string, init: RequestInit): Promise<Reply> {
  for (let tries = 1; ; tries += 1) {
    try {
      const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(30_000), ...init })
      const text = await response.text()
      const json = /\bjson\b/.test(response.headers.get('content-type') ?? '')
      return {
        status: response.status,
        body: json ? JSON.parse(text) : text,
        location: response.headers.get('location') ?? '',
      }
    } catch (error) {
      if (tries >= patience) throw error
      await sleep(pause_ms)
    }
  }
}

export function form(fields: Record<string, string>): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  }
}
