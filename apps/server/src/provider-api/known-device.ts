/**
 * A browser in which somebody has signed in before carries a signed mark of it: tries from there are counted by browser, so that a
 * stranger who uses up the tries of an e-mail does not keep its owner out. It opens nothing by itself. After OWASP's device cookies.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { randomText } from '../ids.ts'

const days = 180
const day_s = 86_400

export type KnownDevices = {
  /** The browser's own id, when the person of this e-mail has signed in there; else `null`. */
  readonly read: (request: FastifyRequest, email: string) => string | null
  /** `Set-Cookie` for a browser where the person has just signed in; it keeps the id it has. */
  readonly remember: (email: string, device: string | null) => string
}

export function createKnownDevices(ctx: Pick<Context, 'config' | 'secrets' | 'now'>): KnownDevices {
  const secure = new URL(ctx.config.public_url).protocol === 'https:'
  const name = `${secure ? '__Secure-' : ''}cascad.device`
  const key = Buffer.from(hkdfSync('sha256', ctx.secrets.dashboardKey, '', 'known devices', 32))
  const seconds = (): number => Math.floor(ctx.now().getTime() / 1000)
  const sign = (email: string, device: string, signed_in_at: string): Buffer =>
    createHmac('sha256', key).update(`${device}.${signed_in_at}.${email.toLowerCase()}`).digest()
  return {
    read(request, email) {
      for (const text of cookiesNamed(request, name)) {
        const [, device, signed_in_at, signature] = /^([A-Za-z0-9]{24})\.(\d{1,12})\.([\w-]{43})$/.exec(text) ?? []
        if (device === undefined || signed_in_at === undefined || signature === undefined) continue
        if (!timingSafeEqual(sign(email, device, signed_in_at), Buffer.from(signature, 'base64url'))) continue
        if (Number(signed_in_at) + days * day_s > seconds()) return device
      }
      return null
    },
    remember(email, known) {
      const device = known ?? randomText(24)
      const signed_in_at = String(seconds())
      const value = `${device}.${signed_in_at}.${sign(email, device, signed_in_at).toString('base64url')}`
      const rest = `Max-Age=${days * day_s}; Path=/provider-api/auth; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
      return `${name}=${value}; ${rest}`
    },
  }
}

function cookiesNamed({ headers }: FastifyRequest, name: string): string[] {
  return (headers.cookie ?? '')
    .split(';', 100)
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
    .slice(0, 5)
}
