import type { ConsoleCall } from '../../../server/src/provider-api/connection-documents.ts'
import { Body, HttpStatus } from '../pages/payment/calls.tsx'
import { Badge } from '../parts/badge.tsx'
import { Duration, Moment } from '../parts/moment.tsx'
import { prettyJson } from '../parts/pretty-json.ts'
import { useLanguage } from '../texts/language.tsx'

const headersText = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')

/** One call that was tried: what went out, what came back, and what we make of it. */
export function ConsoleCallView({ call, open = true }: { readonly call: ConsoleCall; readonly open?: boolean }) {
  const { t, word } = useLanguage()
  const { request, answer, answer_headers } = call
  const sent = `POST ${request.url}\n${headersText(request.headers)}\n${prettyJson(request.body)}`
  const got = answer === null ? t('calls.no_answer') : `${headersText(answer_headers)}\n${prettyJson(answer)}`
  return (
    <details className="console-call" open={open}>
      <summary>
        <code className="call-event">{call.event}</code>
        <HttpStatus status={call.http_status} />
        <Badge tone={call.done ? 'good' : 'bad'}>{t(call.done ? 'console.done' : 'console.not_done')}</Badge>
        <span className="call-time dimmed">
          <Moment at={call.at} seconds /> · <Duration ms={call.ms} />
        </span>
      </summary>
      <dl className="pairs" data-wide>
        <div>
          <dt>{t('console.reading')}</dt>
          <dd className="break">{call.reading}</dd>
        </div>
        <div>
          <dt>{t('console.leads_to')}</dt>
          <dd>{call.state === null ? t('console.no_change') : word('state', call.state)}</dd>
        </div>
        {call.reference !== null && (
          <div>
            <dt>{t('console.reference')}</dt>
            <dd>
              <code className="break">{call.reference}</code>
            </dd>
          </div>
        )}
      </dl>
      {call.misconfigured && (
        <p className="row-note" data-tone="bad">
          {t('console.misconfigured')}
        </p>
      )}
      <div className="columns">
        <Body title={t('calls.request')} text={sent} />
        <Body title={t('calls.answer')} text={got} />
      </div>
    </details>
  )
}
