/** Control API and page of the desks, with the same door rules as the rest of the control pages. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ScriptError } from '../control/control.ts'
import { isForeign, isForm, refuseForeign } from '../control/routes.ts'
import { type Body, bodyOf } from '../request-fields.ts'
import type { Desks, PaymentWish, ScriptWish, Verdict } from './desks.ts'
import { sendDesksPage } from './desks-page.ts'

type ByName = { Params: { name: string; id: string } }

const page = '/control/traders'

export function traderControlRoutes(app: FastifyInstance, desks: Desks): void {
  app.get(page, (_request, reply) => sendDesksPage(reply, desks))
  for (const [path, list] of Object.entries({
    payments: desks.payments,
    appeals: desks.appeals,
    log: desks.calls,
    traders: desks.traders,
  })) {
    app.get<ByName>(`${page}/:name/${path}`, (request, reply) =>
      act(request, reply, () => ({ [path]: list(request.params.name) })),
    )
  }
  app.post<ByName>(`${page}/:name/script`, (request, reply) =>
    act(request, reply, () => desks.script(request.params.name, scriptOf(request))),
  )
  app.post<ByName>(`${page}/:name/preset`, (request, reply) =>
    act(request, reply, () => desks.preset(request.params.name, String(bodyOf(request.body).preset))),
  )
  app.post<ByName>(`${page}/:name/scripts/forget`, (request, reply) =>
    act(request, reply, () => desks.forgetScripts(request.params.name)),
  )
  app.post<ByName>(`${page}/:name/payments/:id`, (request, reply) => {
    const { name, id } = request.params
    return act(request, reply, () => desks.setPayment(name, id, filled(bodyOf(request.body)) as PaymentWish))
  })
  app.post<ByName>(`${page}/:name/appeals/:id`, (request, reply) => {
    const { name, id } = request.params
    return act(request, reply, () => desks.judge(name, id, filled(bodyOf(request.body)) as Verdict))
  })
  app.post<ByName>(`${page}/:name/traders/:id`, (request, reply) => {
    const { name, id } = request.params
    const { active } = bodyOf(request.body)
    return act(request, reply, () => desks.setTrader(name, id, { active: active === true || active === 'true' }))
  })
  app.post(`${page}/clock`, (request, reply) =>
    act(request, reply, () => desks.advance(numbered(bodyOf(request.body)) as { advance_s: number })),
  )
  app.delete(page, (request, reply) => act(request, reply, () => desks.reset()))
  app.post(`${page}/reset`, (request, reply) => act(request, reply, () => desks.reset()))
}

/** Runs what was asked and answers a form with the page, everybody else with JSON. */
function act(request: FastifyRequest, reply: FastifyReply, work: () => unknown): FastifyReply {
  if (request.method !== 'GET' && isForeign(request)) return refuseForeign(reply)
  try {
    const result = work() ?? { done: true }
    const { name = '' } = request.params as { name?: string }
    return isForm(request) ? reply.redirect(`${page}#${encodeURIComponent(name)}`, 303) : reply.send(result)
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    return reply.code(422).send({ error: { code: 'invalid_script', text: error.message, mistakes: error.mistakes } })
  }
}

/** The form gives one step and how often; JSON gives the script itself. */
function scriptOf(request: FastifyRequest): ScriptWish {
  const body = bodyOf(request.body)
  if (!isForm(request)) return body as ScriptWish
  const { step, argument, repeat } = filled(body) as Record<string, string>
  return {
    steps: [argument ? `${step}:${argument}` : String(step)],
    repeat: repeat === undefined ? null : /^\d+$/.test(repeat) ? Number(repeat) : 0,
  }
}

/** Empty fields of a form say nothing. */
function filled(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== ''))
}

function numbered(body: Body): Body {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
    ]),
  )
}
