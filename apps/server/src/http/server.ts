/** The HTTP server: limits, bodies, headers and errors around the routes of the modules. */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { watchMethods } from './allowed-methods.ts'
import { answerError } from './answer-error.ts'
import { answerBrokenRequest } from './broken-request.ts'
import { healthRoutes } from './health.ts'
import { documentRoutes } from './openapi.ts'
import { Problem } from './problem.ts'
import { parseQueryForRouter } from './query.ts'
import { createLimits, type Limits } from './rate-limit.ts'
import { acceptBodies, bodyBytesMax, setContentTypeAside } from './request-body.ts'
import { isCorsPath, requestId, setEarlyHeaders, setLateHeaders } from './response-headers.ts'
import type { RouteModule } from './routes.ts'
import { createUploadSlots, type UploadSlots } from './upload-slots.ts'

declare module 'fastify' {
  interface FastifyInstance {
    limits: Limits
    upload_slots: UploadSlots
    /** APIs whose errors have another form than the merchant API's. */
    voices: Voice[]
  }
  interface FastifyRequest {
    /** The account of a private call, once its credentials are checked. */
    account: Account | null
    /** The Content-Type as the client sent it, in lower case; empty = none. */
    sent_content_type: string
  }
}

/** Answers the errors of the paths it speaks for, known and unknown ones. */
export type Voice = {
  readonly speaksFor: (url: string) => boolean
  readonly answer: (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply
}

const headerBytesMax = 16_384
const request_timeout_ms = 30_000
const headers_timeout_ms = 15_000
const keep_alive_timeout_ms = 65_000

/** Builds the server with the routes of the modules, ready to listen or to be injected into. */
export async function createServer(ctx: Context, modules: readonly RouteModule[]): Promise<FastifyInstance> {
  const { config } = ctx
  const app: FastifyInstance = Fastify({
    logger: false,
    bodyLimit: bodyBytesMax,
    requestTimeout: request_timeout_ms,
    connectionTimeout: 0,
    keepAliveTimeout: keep_alive_timeout_ms,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    trustProxy: config.trusted_proxies.length > 0 ? [...config.trusted_proxies] : false,
    http: { maxHeaderSize: headerBytesMax, headersTimeout: headers_timeout_ms },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200, querystringParser: parseQueryForRouter },
    requestIdHeader: false,
    genReqId: (request) => requestId(request.headers['x-request-id']),
    frameworkErrors: (_error, request, reply) => {
      setEarlyHeaders(request, reply, { https: false })
      void answerInVoice(app, ctx, new Problem(404), request, reply)
    },
    clientErrorHandler: answerBrokenRequest,
  })
  app.decorate('limits', createLimits({ enabled: config.rate_limits, now: ctx.now }))
  app.decorate('upload_slots', createUploadSlots())
  app.decorate('voices', [])
  app.decorateRequest('account', null)
  acceptBodies(app)
  // The contract has messages of its own: what a schema says is for readers and for the tests of the answers.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  addChecks(app, ctx)
  await documentRoutes(app)
  healthRoutes(app, ctx)
  for (const addRoutes of modules) addRoutes(app, ctx)
  await app.ready()
  return app
}

/** Hooks around every request, in the order of the contract's section 2.3: path, method, then the route's own checks. */
function addChecks(app: FastifyInstance, ctx: Context): void {
  const methods = watchMethods(app)
  const https = ctx.config.public_url.startsWith('https:')
  let stopping = false
  app.addHook('preClose', async () => {
    stopping = true
  })
  app.addHook('onRequest', async (request, reply) => {
    setEarlyHeaders(request, reply, { https })
    setContentTypeAside(request)
    if (stopping) throw new Problem(503, { headers: { 'retry-after': '5' } })
    if (!request.is404) return
    if (request.method === 'OPTIONS' && isCorsPath(request.url)) return reply.code(204).send()
    throw methods.refuse(request.url.split('?', 1)[0]!)
  })
  app.addHook('onSend', async (_request, reply, payload) => {
    setLateHeaders(reply)
    // Else a connection that was busy when the stop began would be kept open until its client tires of it.
    if (stopping) reply.header('connection', 'close')
    return payload
  })
  app.setErrorHandler((error, request, reply) => answerInVoice(app, ctx, error, request, reply))
  app.setNotFoundHandler(() => {
    throw new Problem(404)
  })
}

function answerInVoice(
  app: FastifyInstance,
  ctx: Context,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const voice = app.voices.find(({ speaksFor }) => speaksFor(request.url))
  return voice ? voice.answer(error, request, reply) : answerError(ctx, error, request, reply)
}
