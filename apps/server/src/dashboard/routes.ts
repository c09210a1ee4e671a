/** Serves the dashboard of providers: one page for every address below `/dashboard`, and the files it loads. */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { Problem } from '../http/problem.ts'
import type { RouteModule } from '../http/routes.ts'
import { type BuiltFile, nonceMark, watchBuilt } from './built-files.ts'
import { type DashboardFolder, dashboardFolder } from './dashboard-folder.ts'
import { noticePage, noticePolicy } from './notice-page.ts'

/** How the building goes that `npm start` has begun. */
export type DashboardBuild = { readonly state: () => 'idle' | 'building' | 'failed' }

const idle: DashboardBuild = { state: () => 'idle' }

/** Scripts are files of ours only. Styles too, but for those with the page's nonce, which the components write. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const described = (summary: string, reply: string) => ({
  summary,
  tags: ['Dashboard'],
  security: [],
  produces: ['text/html'],
  response: { 200: Type.String({ description: reply }) },
})

export function dashboardRoutes(build: DashboardBuild = idle, folder: DashboardFolder = dashboardFolder): RouteModule {
  const built = watchBuilt(folder)
  return (app: FastifyInstance) => {
    const page = (reply: FastifyReply): FastifyReply => sendPage(reply, build, built())
    app.get('/dashboard', { schema: described('The dashboard of providers', 'The page') }, (_, reply) => page(reply))
    app.get(
      '/dashboard/*',
      { schema: described('A page of the dashboard, or a file it loads', 'The page or the file') },
      async (request, reply) => {
        const path = (request.params as { '*': string })['*']
        const file = await built()?.find(path)
        if (file) return sendFile(request, reply, file, path.startsWith('assets/'))
        // Files of an older build are gone; the page must not come in their place.
        if (path.startsWith('assets/') || path.includes('.')) throw new Problem(404)
        return page(reply)
      },
    )
  }
}

function sendPage(reply: FastifyReply, build: DashboardBuild, built: { readonly page: string } | null): FastifyReply {
  reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-cache')
    .header('x-frame-options', 'DENY')
  const state = build.state()
  if (built === null || state === 'building') {
    return reply
      .code(503)
      .header('retry-after', '2')
      .header('content-security-policy', noticePolicy)
      .send(noticePage(state === 'idle' ? 'none' : state))
  }
  const nonce = randomBytes(16).toString('base64')
  return reply
    .header('content-security-policy', policy(nonce))
    .header('cross-origin-opener-policy', 'same-origin')
    .header('permissions-policy', 'camera=(), microphone=(), geolocation=()')
    .send(built.page.replaceAll(nonceMark, nonce))
}

/** Names below `assets/` change with the content, so browsers may keep those files for good. */
function sendFile(request: FastifyRequest, reply: FastifyReply, file: BuiltFile, for_good: boolean): FastifyReply {
  const packed = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  reply
    .header('content-type', file.type)
    .header('vary', 'accept-encoding')
    .header('cache-control', for_good ? 'public, max-age=31536000, immutable' : 'public, max-age=3600')
    .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  if (packed) reply.header('content-encoding', 'gzip')
  return reply.send(packed ? file.gzip : file.body)
}
