import type { PaymentDetail } from '../../../../server/src/provider-api/documents.ts'
import { Badge } from '../../parts/badge.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Duration, Moment } from '../../parts/moment.tsx'
import { prettyJson } from '../../parts/pretty-json.ts'
import { useLanguage } from '../../texts/language.tsx'

type Call = PaymentDetail['calls'][number]

/** Every call of the endpoint; questions that changed nothing are many, so each opens by itself. */
export function Calls({ of: calls }: { readonly of: readonly Call[] }) {
  const { t } = useLanguage()
  if (calls.length === 0) return <Empty title={t('calls.none')} />
  return (
    <ul className="calls">
      {calls.map((call) => (
        <li key={call.id}>
          <details>
            <summary>
              <code className="call-event">{call.event}</code>
              <HttpStatus status={call.http_status} />
              <span className="call-reading">{call.reading}</span>
              <span className="call-time dimmed">
                <Moment at={call.at} seconds /> · <Duration ms={call.ms} />
              </span>
            </summary>
            <div className="columns">
              <Body title={t('calls.request')} text={prettyJson(call.request)} />
              <Body
                title={t('calls.answer')}
                text={call.answer === null ? t('calls.no_answer') : prettyJson(call.answer)}
              />
            </div>
          </details>
        </li>
      ))}
    </ul>
  )
}

export function HttpStatus({ status }: { readonly status: number | null }) {
  const { t } = useLanguage()
  if (status === null) return <Badge tone="bad">{t('calls.no_answer')}</Badge>
  return <Badge tone={status < 300 ? 'good' : status < 500 ? 'warn' : 'bad'}>{status}</Badge>
}

export function Body({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div className="body">
      <h3 className="minor-title">{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </div>
  )
}
