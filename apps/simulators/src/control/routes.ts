/** Control API and page. Answers only to its own origin: another site's page cannot set scripts by a form. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bodyOf } from '../request-fields.ts'
import { ordinaryScript, type Script } from '../terminals/script.ts'
import { errorDocument } from '../world.ts'
import { sendChargesPage } from './charges-page.ts'
import { type Control, ScriptError } from './control.ts'
import { sendControlPage } from './control-page.ts'
import { sendFiguresPage } from './figures-page.ts'

type ByName = { Params: { name: string } }

export function controlRoutes(app: FastifyInstance, control: Control): void {
  app.get('/', (_request, reply) => reply.redirect('/control'))
  app.get('/health', (_request, reply) => reply.send({ status: 'ok' }))
  app.get('/control', (_request, reply) => sendControlPage(reply, control.terminals()))
  app.get<{ Querystring: { paused?: string } }>('/control/figures', (request, reply) =>
    sendFiguresPage(reply, control.terminals(), request.query.paused !== undefined),
  )
  app.get('/control/charges', (_request, reply) => sendChargesPage(reply, control.ledger(), control.notifications()))
  app.get('/control/ledger.json', (_request, reply) => reply.send({ entries: control.ledger() }))
  app.get('/control/notifications.json', (_request, reply) => reply.send({ notifications: control.notifications() }))
  app.get('/control/terminals', (_request, reply) => reply.send({ terminals: control.terminals() }))
  app.get<ByName>('/control/terminals/:name', (request, reply) => {
    const terminal = control.terminals().find(({ name }) => name === request.params.name)
    return terminal
      ? reply.send(terminal)
      : reply.code(404).send(errorDocument('not_found', 'There is no such terminal.'))
  })
  app.post<ByName>('/control/terminals/:name', (request, reply) => {
    if (isForeign(request)) return refuseForeign(reply)
    const { name } = request.params
    return answerScript(request, reply, name, () =>
      control.setScript(name, isForm(request) ? patchOfForm(request.body) : (request.body as object)),
    )
  })
  app.post<ByName>('/control/terminals/:name/preset', (request, reply) => {
    if (isForeign(request)) return refuseForeign(reply)
    const { name } = request.params
    return answerScript(request, reply, name, () => control.setPreset(name, String(bodyOf(request.body).preset)))
  })
  app.post('/control/decide', (request, reply) => {
    if (isForeign(request)) return refuseForeign(reply)
    const { terminal, reference, result } = request.body as Record<string, unknown>
    if (result !== 'approved' && result !== 'declined') {
      return reply
        .code(422)
        .send(errorDocument('invalid_request', 'Give terminal, reference and result: approved or declined.'))
    }
    const done = control.decide(String(terminal), String(reference), result === 'approved')
    if (isForm(request)) return reply.redirect('/control/charges', 303)
    return done
      ? reply.send({ decided: true })
      : reply.code(404).send(errorDocument('not_found', 'Nothing waits under this reference.'))
  })
  app.post('/control/reset', (request, reply) => {
    if (isForeign(request)) return refuseForeign(reply)
    control.reset()
    return isForm(request) ? reply.redirect('/control', 303) : reply.send({ reset: true })
  })
}

/** A form sees the page again, where it was; everybody else the script that holds now. */
function answerScript(request: FastifyRequest, reply: FastifyReply, name: string, set: () => Script): FastifyReply {
  try {
    const script = set()
    if (!isForm(request)) return reply.send({ name, script })
    return reply.redirect(`/control?saved=${encodeURIComponent(name)}#${encodeURIComponent(name)}`, 303)
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    return reply.code(422).send({ error: { code: 'invalid_script', text: error.message, mistakes: error.mistakes } })
  }
}

export function isForm(request: FastifyRequest): boolean {
  return (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
}

export function isForeign(request: FastifyRequest): boolean {
  const { origin, host } = request.headers
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`
}

export function refuseForeign(reply: FastifyReply): FastifyReply {
  return reply.code(403).send(errorDocument('forbidden', 'Only pages of the simulators may do this.'))
}

/** Texts of the form as members of a script: empty = `null`, digits = numbers, a box not ticked = `false`. */
function patchOfForm(body: unknown): Record<string, unknown> {
  const fields = body as Record<string, string>
  // The form shows one answer for all charges, so a mix set by JSON ends.
  const patch: Record<string, unknown> = { mix: null }
  for (const [name, usual] of Object.entries(ordinaryScript)) {
    const text = fields[name]?.trim()
    if (typeof usual === 'boolean') patch[name] = text === 'on'
    else if (text === undefined) continue
    else if (text === '') patch[name] = null
    else
      patch[name] =
        (typeof usual === 'number' || name === 'pending_ms' || name === 'settled_after_ms') && /^-?\d+$/.test(text)
          ? Number(text)
          : text
  }
  return patch
}
