import type { Figures as FiguresDocument } from '../../../../server/src/provider-api/documents.ts'
import { Figure, Figures } from '../../parts/figure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Section } from '../../parts/page.tsx'
import { useCount, useShare } from '../../parts/share.tsx'
import { useLanguage } from '../../texts/language.tsx'

export function TodaySection({ today }: { readonly today: FiguresDocument }) {
  const { t } = useLanguage()
  return (
    <Section title={t('overview.today')} aside={<span className="dimmed small">{t('overview.since_midnight')}</span>}>
      <RateFigures of={today} label={t('overview.today')} />
    </Section>
  )
}

/** How many were asked for, given and paid; the two rates stand apart, because they say different things. */
export function RateFigures({ of, label }: { readonly of: FiguresDocument; readonly label: string }) {
  const { t } = useLanguage()
  const share = useShare()
  const count = useCount()
  const paidNote = [
    of.paid_late > 0 ? t('figures.paid_late', { n: of.paid_late }) : '',
    of.paid_by_appeal > 0 ? t('figures.paid_by_appeal', { n: of.paid_by_appeal }) : '',
  ].filter((text) => text !== '')
  return (
    <Figures label={label}>
      <Figure name={t('figures.asked')}>{count(of.asked)}</Figure>
      <Figure name={t('figures.given')}>{count(of.given)}</Figure>
      <Figure name={t('figures.issue_rate')} note={t('figures.issue_rate_note')} main>
        {share(of.issue_rate)}
      </Figure>
      <Figure name={t('figures.paid')} note={paidNote.length > 0 ? paidNote.join(', ') : undefined}>
        {count(of.paid)}
      </Figure>
      <Figure
        name={t('figures.payment_rate')}
        main
        note={
          of.provisional_until === null ? (
            t('figures.payment_rate_note')
          ) : (
            <>
              {t('figures.provisional')} <Moment at={of.provisional_until} />
            </>
          )
        }
      >
        {share(of.payment_rate)}
      </Figure>
    </Figures>
  )
}
