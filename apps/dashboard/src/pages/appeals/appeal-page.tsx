import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { AppealDetail } from '../../../../server/src/provider-api/appeal-documents.ts'
import { callApi, modeQuery } from '../../api/client.ts'
import { Amount } from '../../parts/amount.tsx'
import { BackLink } from '../../parts/back-link.tsx'
import { StateBadge } from '../../parts/badge.tsx'
import { CopyText } from '../../parts/copy-text.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Deadline, Moment } from '../../parts/moment.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { Pairs } from '../../parts/pairs.tsx'
import { useMe } from '../../shell/me.ts'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'
import { ReceiptLink } from './receipt-link.tsx'
import { Thread } from './thread.tsx'
import { Verdict } from './verdict.tsx'

export function AppealPage() {
  const { t } = useLanguage()
  const mode = useMode()
  const { appeal_id } = useParams({ from: '/shell/appeals/$appeal_id' })
  const appeal = useQuery({
    queryKey: ['appeal', mode, appeal_id],
    queryFn: ({ signal }) =>
      callApi<AppealDetail>(`/appeals/${encodeURIComponent(appeal_id)}`, { query: modeQuery(mode), signal }),
    refetchInterval: 15_000,
  })
  return (
    <Page title={t('appeal.title')} about={<BackLink to="/appeals" text={t('appeal.back')} />}>
      <Loaded query={appeal} lines={12}>
        {(data) => (
          <div className="columns">
            <div>
              <Facts of={data} />
              <Verdict of={data} />
            </div>
            <Section title={t('thread.title')}>
              <Thread appeal_id={data.appeal.id} thread={data.thread} />
            </Section>
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function Facts({ of: { appeal, payment, frozen, receipt } }: { readonly of: AppealDetail }) {
  const { t, word } = useLanguage()
  const { settlement_currency } = useMe().provider
  return (
    <Section title={t('appeal.facts')} aside={<StateBadge kind="appeal" code={appeal.state} />}>
      <p className="dimmed">{word('appeal_about', appeal.state)}</p>
      {appeal.deadline !== null && (
        <p className="headline-note">
          {t('appeals.deadline')}: <Moment at={appeal.deadline} /> · <Deadline at={appeal.deadline} />
        </p>
      )}
      <dl className="figures" data-dense aria-label={t('appeal.amounts')}>
        {(
          [
            ['original', appeal.original_amount, false],
            ['claimed', appeal.amount, false],
            ['difference', appeal.difference, true],
          ] as const
        ).map(([name, value, signed]) => (
          <div key={name} className="figure" data-main={name === 'claimed' || undefined}>
            <dt>{t(`appeals.${name}`)}</dt>
            <dd className="figure-value">
              <Amount value={value} currency={appeal.currency} signed={signed} />
            </dd>
          </div>
        ))}
      </dl>
      <Pairs
        of={[
          [t('appeals.reason'), word('appeal_reason', appeal.reason)],
          [
            t('appeal.payment'),
            <Link key="payment" to="/history/$attempt_id" params={{ attempt_id: payment.attempt_id }}>
              <code>{payment.attempt_id}</code>
            </Link>,
          ],
          payment.provider_reference === null
            ? null
            : [
                t('payment.your_id'),
                <CopyText key="id" value={payment.provider_reference} of={t('payment.your_id')} />,
              ],
          [t('appeal.payment_state'), <StateBadge key="state" kind="state" code={payment.state} />],
          [t('payment.requested_at'), <Moment key="at" at={payment.requested_at} />],
          [t('appeals.opened'), <Moment key="opened" at={appeal.opened_at} />],
          [t('appeal.frozen'), <Amount key="frozen" value={frozen} currency={settlement_currency} />],
          [
            t('appeal.receipt'),
            receipt === null ? '–' : <ReceiptLink key="receipt" appeal_id={appeal.id} file={receipt} />,
          ],
        ]}
      />
    </Section>
  )
}
