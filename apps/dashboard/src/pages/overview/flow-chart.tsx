/** Requests, requisites given and payments over time. Loaded apart: the drawing library is larger than the rest of the page. */
import '@mantine/charts/styles.css'
import { LineChart } from '@mantine/charts'
import type { Statistics } from '../../../../server/src/provider-api/balance-documents.ts'
import { useLanguage } from '../../texts/language.tsx'

const day_s = 86_400

export function FlowChart({ statistics: { series, step_s } }: { readonly statistics: Statistics }) {
  const { t, language } = useLanguage()
  const format = new Intl.DateTimeFormat(
    language,
    step_s >= day_s
      ? { day: '2-digit', month: 'short', timeZone: 'UTC' }
      : step_s * series.length > day_s
        ? { day: '2-digit', month: 'short', hour: '2-digit', hourCycle: 'h23' }
        : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  )
  const names = { asked: t('figures.asked'), given: t('figures.given'), paid: t('figures.paid') }
  const data = series.map(({ at, asked, given, paid }) => ({ at: format.format(new Date(at)), asked, given, paid }))
  const sum = (key: 'asked' | 'given' | 'paid'): number => series.reduce((total, point) => total + point[key], 0)
  return (
    <figure className="chart">
      <ul className="legend" aria-hidden="true">
        {(['asked', 'given', 'paid'] as const).map((name) => (
          <li key={name} data-series={name}>
            {names[name]}
          </li>
        ))}
      </ul>
      <div aria-hidden="true">
        <LineChart
          h={240}
          data={data}
          dataKey="at"
          curveType="linear"
          withDots={false}
          series={[
            { name: 'asked', label: names.asked, color: 'var(--series-asked)' },
            { name: 'given', label: names.given, color: 'var(--series-given)' },
            { name: 'paid', label: names.paid, color: 'var(--series-paid)' },
          ]}
          yAxisProps={{ allowDecimals: false, width: 44 }}
          xAxisProps={{ minTickGap: 32 }}
          lineProps={{ isAnimationActive: false }}
          lineChartProps={{ accessibilityLayer: false }}
          tooltipAnimationDuration={0}
        />
      </div>
      <figcaption className="hidden-text">
        {t('chart.caption', { asked: sum('asked'), given: sum('given'), paid: sum('paid') })}
      </figcaption>
    </figure>
  )
}
