/** The issuer's page of 3-D Secure: the payer confirms, refuses or leaves, then the browser goes back to the platform. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Operation } from '../operations/operation.ts'
import { settle } from '../operations/settle.ts'
import { sendMissingPage, sendPayerPage } from '../pages/payer-page.ts'
import { languageOf } from '../pages/texts.ts'
import type { World } from '../world.ts'
import { authenticationOf } from './authentication.ts'
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
      choices: operation.simulated ? ['confirm', 'refuse', 'leave'] : ['confirm', 'decline'],
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
    const { choice } = fields
    if (choice === 'confirm' || choice === 'decline' || choice === 'refuse')
      answer(world, operation, choice === 'confirm')
    else if (choice !== 'leave') return show(request, reply, fields)
    return operation.return_url === '' ? show(request, reply, fields) : reply.redirect(operation.return_url, 303)
  })
}

/** What waits goes on as planned, or ends unauthenticated. */
function answer(world: World, operation: Operation, agreed: boolean): void {
  if (operation.status !== 'action_required' || !operation.planned) return
  operation.authentication = authenticationOf(agreed ? 'Y' : 'N', operation.card?.first6 ?? '')
  if (agreed) settle(world, operation, operation.planned.result, operation.planned.taken)
  else settle(world, operation, declinedFor(operation.simulated ? '3011' : '3002', null))
}

function findChallenge(world: World, creq: unknown) {
  const challenge = challengeOf(creq)
  const operation = challenge === null ? null : world.book.byChallenge(challenge)
  return operation?.provider === 'acquirer' && operation.planned ? operation : null
}
