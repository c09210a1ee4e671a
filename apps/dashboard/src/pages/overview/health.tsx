import type { ReactNode } from 'react'
import type { Figures } from '../../../../server/src/provider-api/documents.ts'
import { Duration, useLength } from '../../parts/moment.tsx'
import { useCount, useShare } from '../../parts/share.tsx'
import { useLanguage } from '../../texts/language.tsx'

/** How the endpoint answers, and why it refuses. */
export function Health({ of }: { readonly of: Figures }) {
  const { t, word } = useLanguage()
  const share = useShare()
  const count = useCount()
  const length = useLength()
  const seconds = (value: number | null): ReactNode => (value === null ? '–' : length(value))
  const time = (value: number | null): ReactNode => (value === null ? '–' : <Duration ms={value} />)
  return (
    <div className="columns">
      <div>
        <h3 className="minor-title">{t('health.title')}</h3>
        <dl className="pairs" data-wide>
          <Pair name={t('health.answer_time')} p50={time(of.answer_ms.p50)} p95={time(of.answer_ms.p95)} />
          <Pair name={t('health.paid_after')} p50={seconds(of.paid_after_s.p50)} p95={seconds(of.paid_after_s.p95)} />
          <Counted name={t('health.unknown')} count={count(of.unknown)} share={share(of.unknown_share)} />
          <Counted name={t('health.violations')} count={count(of.violations)} share={null} />
          <Counted
            name={t('health.early_failures')}
            count={count(of.early_failures)}
            share={share(of.early_failure_share)}
          />
        </dl>
      </div>
      <div>
        <h3 className="minor-title">{t('health.refusals')}</h3>
        {of.refusals.length === 0 ? (
          <p className="dimmed">{t('health.no_refusals')}</p>
        ) : (
          <ul className="bars">
            {of.refusals.map(({ reason, count: number, share: part }) => (
              <li key={reason}>
                <span className="bars-name">{word('refusal', reason)}</span>
                <span className="bars-number">
                  {count(number)} <span className="dimmed">{share(part)}</span>
                </span>
                <meter
                  min={0}
                  max={of.refused}
                  value={number}
                  aria-label={word('refusal', reason)}
                  title={t('health.of_refused', { share: share(of.refused === 0 ? null : number / of.refused) })}
                />
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

function Pair({ name, p50, p95 }: { readonly name: string; readonly p50: ReactNode; readonly p95: ReactNode }) {
  const { t } = useLanguage()
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <abbr title={t('health.half')}>p50</abbr> {p50} · <abbr title={t('health.most')}>p95</abbr> {p95}
      </dd>
    </div>
  )
}

function Counted({
  name,
  count,
  share,
}: {
  readonly name: string
  readonly count: string
  readonly share: string | null
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {count} {share !== null && <span className="dimmed">{share}</span>}
      </dd>
    </div>
  )
}
