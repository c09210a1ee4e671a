import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Balance, Mode } from '../../../../server/src/provider-api/documents.ts'
import { isNegative } from '../../amounts/decimal.ts'
import { callApi, modeQuery } from '../../api/client.ts'
import { Amount } from '../../parts/amount.tsx'
import { Figure, Figures } from '../../parts/figure.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'

export const balanceQuery = (mode: Mode) =>
  queryOptions({
    queryKey: ['balance', mode],
    queryFn: ({ signal }) => callApi<Balance>('/balance', { query: modeQuery(mode), signal }),
    refetchInterval: 15_000,
  })

/** The figures above every page of the balance. */
export function BalanceLine() {
  const { t } = useLanguage()
  const balance = useQuery(balanceQuery(useMode()))
  return (
    <section className="section" aria-label={t('balance.figures')}>
      <Loaded query={balance} lines={2}>
        {(data) => (
          <Figures label={t('balance.figures')}>
            {(['available', 'held', 'frozen', 'withdrawing', 'total'] as const).map((name) => (
              <Figure
                key={name}
                name={t(`balance.${name}`)}
                main={name === 'available'}
                tone={isNegative(data[name]) ? 'bad' : undefined}
              >
                <Amount value={data[name]} currency={data.currency} />
              </Figure>
            ))}
          </Figures>
        )}
      </Loaded>
    </section>
  )
}
