/** The issuer's page of 3-D Secure behind Stripe's redirect; the way back carries what Stripe appends to it. */
import type { FastifyInstance } from 'fastify'
import type { Operation, Result } from '../operations/operation.ts'
import { settle } from '../operations/settle.ts'
import { sendMissingPage, sendPayerPage } from '../pages/payer-page.ts'
import { languageOf } from '../pages/texts.ts'
import type { World } from '../world.ts'
import { authentication_failure } from './declines.ts'

type Fields = Readonly<Record<string, unknown>>
type ByChallenge = { Params: { challenge: string } }

const refused: Result = {
  status: 'declined',
  reason: authentication_failure,
  code: null,
  advice_code: null,
  text: 'The payer declined',
}

export function stripePayerRoutes(app: FastifyInstance, world: World): void {
  const find = (challenge: string) => {
    const operation = world.book.byChallenge(challenge)
    return operation?.provider === 'stripe' && operation.planned ? operation : null
  }
  app.get<ByChallenge>('/stripe/3ds/:challenge', (request, reply) => {
    const language = languageOf((request.query as Fields).lang, request.headers['accept-language'])
    const operation = find(request.params.challenge)
    if (!operation) return sendMissingPage(reply, language)
    const path = `/stripe/3ds/${encodeURIComponent(request.params.challenge)}`
    const shown = { ...operation, return_url: wayBack(operation) }
    return sendPayerPage(reply, {
      kind: 'issuer',
      language,
      operation: shown,
      action: path,
      hidden: {},
      link: (other) => `${path}?lang=${other}`,
    })
  })
  app.post<ByChallenge>('/stripe/3ds/:challenge', (request, reply) => {
    const operation = find(request.params.challenge)
    if (!operation?.planned) return sendMissingPage(reply, languageOf(undefined, request.headers['accept-language']))
    const { choice } = (request.body ?? {}) as Fields
    if (choice !== 'confirm' && choice !== 'decline') {
      return reply.redirect(`/stripe/3ds/${encodeURIComponent(request.params.challenge)}`, 303)
    }
    if (operation.status === 'action_required') {
      if (choice === 'confirm') settle(world, operation, operation.planned.result, operation.planned.taken)
      else settle(world, operation, refused)
    }
    return reply.redirect(wayBack(operation), 303)
  })
}

function wayBack(operation: Operation): string {
  const url = URL.parse(operation.return_url)
  if (!url) return `/stripe/3ds/${encodeURIComponent(operation.challenge)}`
  url.searchParams.set('payment_intent', operation.id)
  url.searchParams.set('redirect_status', operation.status === 'declined' ? 'failed' : 'succeeded')
  return url.href
}
