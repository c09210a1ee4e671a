import { Link } from '@tanstack/react-router'
import type { Overview } from '../../../../server/src/provider-api/documents.ts'
import { isNegative } from '../../amounts/decimal.ts'
import { Amount } from '../../parts/amount.tsx'
import { Figure, Figures } from '../../parts/figure.tsx'
import { Deadline } from '../../parts/moment.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Section } from '../../parts/page.tsx'
import { useMe } from '../../shell/me.ts'
import { useLanguage } from '../../texts/language.tsx'

type Props = { readonly balance: Overview['balance']; readonly appeals: Overview['appeals'] }

export function BalanceSection({ balance, appeals }: Props) {
  const { t } = useLanguage()
  const { settlement_scale: decimals } = useMe().provider
  const { currency, level } = balance
  const tone = level === 'fine' ? undefined : level === 'low' ? 'warn' : 'bad'
  const figure = (name: 'available' | 'held' | 'frozen' | 'withdrawing' | 'total') => (
    <Amount value={balance[name]} currency={currency} decimals={decimals} />
  )
  return (
    <>
      <LevelNotice balance={balance} />
      <Section title={t('balance.title')} aside={<Link to="/balance">{t('balance.to_statement')}</Link>}>
        <Figures label={t('balance.title')}>
          <Figure name={t('balance.available')} tone={tone} note={t('balance.available_note')} main>
            {figure('available')}
          </Figure>
          <Figure name={t('balance.held')} note={t('balance.held_note')}>
            {figure('held')}
          </Figure>
          <Figure
            name={t('balance.frozen')}
            note={
              <Link to="/appeals">
                {appeals.open === 0 ? t('overview.no_appeals') : t('overview.appeals', { n: appeals.open })}
                {appeals.next_deadline !== null && (
                  <>
                    {' · '}
                    <Deadline at={appeals.next_deadline} />
                  </>
                )}
              </Link>
            }
          >
            {figure('frozen')}
          </Figure>
          <Figure name={t('balance.withdrawing')} note={t('balance.withdrawing_note')}>
            {figure('withdrawing')}
          </Figure>
          <Figure name={t('balance.total')} tone={isNegative(balance.total) ? 'bad' : undefined}>
            {figure('total')}
          </Figure>
        </Figures>
      </Section>
    </>
  )
}

function LevelNotice({ balance }: { readonly balance: Overview['balance'] }) {
  const { t } = useLanguage()
  const { settlement_scale: decimals } = useMe().provider
  const { level, low_balance_alert, currency } = balance
  if (level === 'fine') return null
  const isLow = level === 'low'
  return (
    <Notice tone={isLow ? 'warn' : 'bad'} title={t(`level.${level}`)}>
      {isLow ? (
        <>
          {t('level.low_text')} <Amount value={low_balance_alert} currency={currency} decimals={decimals} />.{' '}
        </>
      ) : (
        `${t('level.empty_text')} `
      )}
      <Link to="/balance/top-ups">{t('level.top_up')}</Link>
    </Notice>
  )
}
