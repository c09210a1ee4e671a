/** The redirect provider's own page: Pay, Decline, Cancel, then back to the platform. */
import type { FastifyInstance } from 'fastify'
import type { Result } from '../operations/operation.ts'
import { settle } from '../operations/settle.ts'
import { sendMissingPage, sendPayerPage } from '../pages/payer-page.ts'
import { languageOf } from '../pages/texts.ts'
import type { World } from '../world.ts'
import { payerCancelled, payerDeclined } from './routes.ts'

const answers: Readonly<Record<string, Result | 'pay'>> = { pay: 'pay', decline: payerDeclined, cancel: payerCancelled }

type Fields = Readonly<Record<string, unknown>>
type ByChallenge = { Params: { challenge: string } }

export function redirectPageRoutes(app: FastifyInstance, world: World): void {
  const find = (challenge: string) => {
    const operation = world.book.byChallenge(challenge)
    return operation?.provider === 'redirect' && operation.planned ? operation : null
  }
  app.get<ByChallenge>('/redirect/pay/:challenge', (request, reply) => {
    const { challenge } = request.params
    const language = languageOf((request.query as Fields).lang, request.headers['accept-language'])
    const operation = find(challenge)
    if (!operation) return sendMissingPage(reply, language)
    const path = `/redirect/pay/${encodeURIComponent(challenge)}`
    return sendPayerPage(reply, {
      kind: 'provider',
      language,
      operation,
      action: path,
      hidden: {},
      link: (other) => `${path}?lang=${other}`,
    })
  })
  app.post<ByChallenge>('/redirect/pay/:challenge', (request, reply) => {
    const operation = find(request.params.challenge)
    if (!operation?.planned) return sendMissingPage(reply, languageOf(undefined, request.headers['accept-language']))
    const { choice } = (request.body ?? {}) as Fields
    const answer = typeof choice === 'string' && Object.hasOwn(answers, choice) ? answers[choice] : undefined
    if (!answer) return reply.redirect(`/redirect/pay/${encodeURIComponent(request.params.challenge)}`, 303)
    if (operation.status === 'action_required') {
      if (answer === 'pay') settle(world, operation, operation.planned.result, operation.planned.taken)
      else settle(world, operation, answer)
    }
    return reply.redirect(operation.return_url, 303)
  })
}
