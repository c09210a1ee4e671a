import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { PaymentDetail } from '../../../../server/src/provider-api/documents.ts'
import { callApi, modeQuery } from '../../api/client.ts'
import { Amount } from '../../parts/amount.tsx'
import { BackLink } from '../../parts/back-link.tsx'
import { StateBadge } from '../../parts/badge.tsx'
import { CopyText } from '../../parts/copy-text.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Duration, Moment } from '../../parts/moment.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { Pairs } from '../../parts/pairs.tsx'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'
import { Calls } from './calls.tsx'
import { TimeLine } from './time-line.tsx'

const refresh_ms = 10_000

export function PaymentPage() {
  const { t } = useLanguage()
  const mode = useMode()
  const { attempt_id } = useParams({ from: '/shell/history/$attempt_id' })
  const payment = useQuery({
    queryKey: ['payment', mode, attempt_id],
    queryFn: ({ signal }) =>
      callApi<PaymentDetail>(`/payments/${encodeURIComponent(attempt_id)}`, { query: modeQuery(mode), signal }),
    refetchInterval: refresh_ms,
  })
  return (
    <Page title={t('payment.title')} about={<BackLink to="/history" text={t('payment.back')} />}>
      <Loaded query={payment} lines={14}>
        {(data) => (
          <>
            <Facts payment={data.payment} />
            <div className="columns">
              <Section title={t('payment.time_line')}>
                <TimeLine steps={data.timeline} />
              </Section>
              <div>
                <Postings of={data} />
                <AppealsOf of={data} />
              </div>
            </div>
            <Section title={t('payment.calls')}>
              <Calls of={data.calls} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Facts({ payment }: { readonly payment: PaymentDetail['payment'] }) {
  const { t, word } = useLanguage()
  const time = (at: string | null) => (at === null ? '–' : <Moment at={at} seconds />)
  const { reason, reason_text, cancel_status } = payment
  return (
    <Section
      title={t('payment.facts')}
      aside={
        <span className="badges">
          <StateBadge kind="state" code={payment.state} />
          {payment.flags.map((flag) => (
            <StateBadge key={flag} kind="flag" code={flag} />
          ))}
        </span>
      }
    >
      <p className="headline">
        <Amount value={payment.amount} currency={payment.currency} />
        <span className="headline-note">
          <Amount value={payment.settlement_amount} currency={payment.settlement_currency} /> {t('payment.at_rate')}{' '}
          <Amount value={payment.rate} />
        </span>
      </p>
      <p className="dimmed">{word('state_about', payment.state)}</p>
      {(reason !== null || reason_text !== null) && (
        <p className="row-note" data-tone="bad">
          {reason !== null && <strong>{word('refusal', reason)}</strong>}
          {reason !== null && reason_text !== null && ': '}
          {reason_text}
        </p>
      )}
      <div className="columns">
        <Pairs
          of={[
            [
              t('payment.your_id'),
              payment.provider_reference === null ? (
                '–'
              ) : (
                <CopyText key="reference" value={payment.provider_reference} of={t('payment.your_id')} />
              ),
            ],
            [t('payment.our_id'), <CopyText key="id" value={payment.attempt_id} of={t('payment.our_id')} />],
            [t('payment.method'), word('method', payment.method)],
            [t('payment.bank'), payment.bank ?? '–'],
            [t('payment.owner'), payment.owner ?? '–'],
            [t('payment.number'), payment.number === null ? '–' : <code key="number">{payment.number}</code>],
            [t('payment.answer_time'), payment.answer_ms === null ? '–' : <Duration key="ms" ms={payment.answer_ms} />],
          ]}
        />
        <Pairs
          of={[
            [t('payment.requested_at'), time(payment.requested_at)],
            [t('payment.issued_at'), time(payment.issued_at)],
            [t('payment.window_end'), time(payment.expires_at)],
            [t('payment.finalise_at'), time(payment.finalise_at)],
            [t('payment.claimed_at'), time(payment.claimed_at)],
            [t('payment.paid_at'), time(payment.paid_at)],
            [t('payment.ended_at'), time(payment.ended_at)],
            [
              t('payment.polls'),
              `${payment.polls}${payment.poll_errors > 0 ? ` (${t('payment.poll_errors', { n: payment.poll_errors })})` : ''}`,
            ],
            cancel_status === null ? null : [t('payment.cancel'), word('cancel', cancel_status)],
          ]}
        />
      </div>
    </Section>
  )
}

function Postings({ of: { postings, payment } }: { readonly of: PaymentDetail }) {
  const { t, word } = useLanguage()
  return (
    <Section title={t('payment.postings')} flush={postings.length > 0}>
      {postings.length === 0 ? (
        <Empty title={t('payment.no_postings')} />
      ) : (
        <DataTable
          label={t('payment.postings')}
          rows={postings}
          rowKey={({ id }) => id}
          columns={[
            { key: 'at', title: t('payment.time'), cell: ({ at }) => <Moment at={at} seconds />, card: 'title' },
            { key: 'kind', title: t('statement.kind'), cell: ({ kind }) => word('kind', kind), card: 'side' },
            { key: 'amount', title: t('payment.amount'), cell: ({ amount }) => <Amount value={amount} />, end: true },
            {
              key: 'change',
              title: t('statement.change', { currency: payment.settlement_currency }),
              cell: ({ change }) => <Amount value={change} signed />,
              end: true,
            },
          ]}
        />
      )}
    </Section>
  )
}

function AppealsOf({ of: { appeals, payment } }: { readonly of: PaymentDetail }) {
  const { t } = useLanguage()
  if (appeals.length === 0) return null
  return (
    <Section title={t('appeals.title')}>
      <ul className="rows">
        {appeals.map(({ id, state, amount, opened_at }) => (
          <li key={id} className="row">
            <div className="row-main">
              <Link to="/appeals/$appeal_id" params={{ appeal_id: id }}>
                <Amount value={amount} currency={payment.currency} />
              </Link>
              <StateBadge kind="appeal" code={state} />
            </div>
            <span className="dimmed small">
              {t('appeals.opened')} <Moment at={opened_at} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
