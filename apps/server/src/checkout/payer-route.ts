/** A route of the checkout: a browser asks, a page or a redirect answers, in the payer's language, errors included. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Type, { type TSchema } from 'typebox'
import type { Context } from '../context.ts'
import { errorPage } from '../http/error-page.ts'
import { InvalidFields, Problem } from '../http/problem.ts'
import { parseQuery, readQuery } from '../http/query.ts'
import { sendJson } from '../http/reply.ts'
import { bodyText, isJsonBody, readJsonBody } from '../http/request-body.ts'
import type { Query } from '../http/routes.ts'
import { readUpload, type Upload } from '../http/upload.ts'
import { type Page, renderPage } from './page.ts'
import { refusalPage } from './pages/refusal-page.ts'
import { type Look, readLook } from './rules/read-look.ts'
import { type Texts, texts } from './texts/texts.ts'

export type PayerCall = {
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  /** The posted form; `{}` for GET. */
  readonly form: Query
  /** Files of the posted form; only routes that take them. */
  readonly files: Upload['files']
  readonly look: Look
  readonly words: Texts
  readonly now: Date
  readonly ip: string
  readonly headers: FastifyRequest['headers']
  readonly posted: boolean
}

export type PayerAnswer =
  /** `look`: where it is another than the request alone would give. */
  | { readonly page: Page; readonly look?: Look }
  /** After a form the browser goes on with GET, so that a reload sends nothing again. */
  | { readonly to: string }
  | { readonly json: unknown }

export type PayerRoute = {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly summary: string
  readonly reply?: TSchema
  /** `true`: its form brings files. */
  readonly takes_files?: boolean
  /** `true`: refuses a form that names another site as its origin. */
  readonly own_forms_only?: boolean
  readonly handle: (call: PayerCall) => Promise<PayerAnswer>
}

const htmlReply = Type.String({ description: 'A page of the checkout' })
const redirectReply = Type.Null({ description: 'The payer goes on elsewhere' })

export function payerRoute(app: FastifyInstance, ctx: Context, route: PayerRoute): void {
  const names = [...route.url.matchAll(/:([a-z_]+)/g)].map((match) => match[1] as string)
  app.route({
    method: route.method,
    url: route.url,
    config: { error_page: errorPage },
    schema: {
      summary: route.summary,
      tags: ['Checkout'],
      security: [],
      produces: [route.reply ? 'application/json' : 'text/html'],
      ...(route.method === 'POST'
        ? { consumes: [route.takes_files ? 'multipart/form-data' : 'application/x-www-form-urlencoded'] }
        : {}),
      ...(names.length > 0
        ? { params: Type.Object(Object.fromEntries(names.map((name) => [name, Type.String()]))) }
        : {}),
      response: { 200: route.reply ?? htmlReply, [route.method === 'POST' ? 303 : 302]: redirectReply },
    },
    handler: (request, reply) => answerPayer(app, ctx, route, request, reply),
  })
}

/** Answers as a route of the checkout: for routes that have another way besides. */
export async function answerPayer(
  app: FastifyInstance,
  ctx: Context,
  route: PayerRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const posted = route.method === 'POST'
  let look = readLook({}, request.headers['accept-language'])
  try {
    app.limits.public_by_ip.take(request.ip)
    if (route.own_forms_only) refuseForeignForm(ctx, request)
    const query = readQuery(request)
    const { fields: form, files } = posted ? await readForm(route, request) : nothing
    look = readLook({ ...query, ...form }, request.headers['accept-language'])
    const answered = await route.handle({
      params: request.params as Record<string, string>,
      query,
      form,
      files,
      look,
      words: texts[look.locale],
      now: ctx.now(),
      ip: request.ip,
      headers: request.headers,
      posted,
    })
    if ('to' in answered) return reply.redirect(answered.to, posted ? 303 : 302)
    if ('json' in answered) return sendJson(reply, answered.json)
    return sendPage(reply, answered.page, answered.look ?? look, ctx.now())
  } catch (error) {
    const refused = error instanceof Problem || error instanceof InvalidFields
    if (!refused || /\bapplication\/(vnd\.api\+)?json\b/i.test(request.headers.accept ?? '')) throw error
    if (error instanceof Problem) reply.headers(error.headers)
    return sendPage(reply, refusalPage(error, texts[look.locale]), look, ctx.now())
  }
}

function sendPage(reply: FastifyReply, page: Page, look: Look, now: Date): FastifyReply {
  const { body, headers } = renderPage(page, look, now)
  return reply
    .code(page.status ?? 200)
    .headers(headers)
    .send(body)
}

type Sent = { readonly fields: Query; readonly files: Upload['files'] }

const nothing: Sent = { fields: {}, files: {} }

/** A form, or JSON of a merchant's script; 400 otherwise. */
async function readForm(route: PayerRoute, request: FastifyRequest): Promise<Sent> {
  if (route.takes_files) return readUpload(request)
  const fields = isJsonBody(request) ? (readJsonBody(request) as Query) : parseQuery(bodyText(request).trim())
  return { fields, files: {} }
}

/**
 * Nothing here rests on cookies, so a form of another site has no power that its author has not. Refused all the same where
 * the browser names that site; a sandboxed frame, whose origin is `null`, is let through.
 */
function refuseForeignForm(ctx: Context, request: FastifyRequest): void {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  if (origin === undefined || origin === 'null' || site === undefined || site === 'same-origin' || site === 'none')
    return
  if (origin !== new URL(ctx.config.public_url).origin) throw new Problem(403)
}
