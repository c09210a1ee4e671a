/** The issuer's page of 3-D Secure: the payer confirms or declines, then the browser goes back to the platform. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { settle } from '../operations/settle.ts'
import { sendMissingPage, sendPayerPage } from '../pages/payer-page.ts'
import { languageOf } from '../pages/texts.ts'
import type { World } from '../world.ts'
import { challengeOf, creqOf } from './face.ts'
import { declinedFor } from './test-cards.ts'

type Fields = Readonly<Record<string, unknown>>

export function acsRoutes(app: FastifyInstance, world: World): void {
  const show = (request: FastifyRequest, reply: FastifyReply, fields: Fields) => {
    const language = languageOf(fields.lang, request.headers['accept-language'])
    const operation = findChallenge(world, fields.creq)
    if (!operation) return sendMissingPage(reply, language)
    const creq = creqOf(operation.challenge)
    return sendPayerPage(reply, {
      kind: 'issuer',
      language,
      operation,
      action: '/acquirer/acs/answer',
      hidden: { creq, lang: language },
      link: (other) => `/acquirer/acs?${new URLSearchParams({ creq, lang: other })}`,
    })
  }
  app.get('/acquirer/acs', (request, reply) => show(request, reply, request.query as Fields))
  // The question is asked at an address of its own, so that the back button finds it again.
  app.post('/acquirer/acs', (request, reply) => {
    const operation = findChallenge(world, ((request.body ?? {}) as Fields).creq)
    if (!operation) return sendMissingPage(reply, languageOf(undefined, request.headers['accept-language']))
    return reply.redirect(`/acquirer/acs?${new URLSearchParams({ creq: creqOf(operation.challenge) })}`, 303)
  })
  app.post('/acquirer/acs/answer', (request, reply) => {
    const fields = (request.body ?? {}) as Fields
    const operation = findChallenge(world, fields.creq)
    if (!operation) return sendMissingPage(reply, languageOf(fields.lang, request.headers['accept-language']))
    if (fields.choice !== 'confirm' && fields.choice !== 'decline') return show(request, reply, fields)
    if (operation.status === 'action_required') {
      const agreed = fields.choice === 'confirm' && operation.planned
      settle(
        world,
        operation,
        agreed ? agreed.result : declinedFor('3002', null),
        agreed ? agreed.taken : operation.asked,
      )
    }
    return operation.return_url === '' ? show(request, reply, fields) : reply.redirect(operation.return_url, 303)
  })
}

function findChallenge(world: World, creq: unknown) {
  const challenge = challengeOf(creq)
  const operation = challenge === null ? null : world.book.byChallenge(challenge)
  return operation?.provider === 'acquirer' && operation.planned ? operation : null
}
