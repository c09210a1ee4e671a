import { useQuery } from '@tanstack/react-query'
import type { Overview } from '../../../../server/src/provider-api/documents.ts'
import { callApi, modeQuery } from '../../api/client.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { useMode } from '../../shell/mode.ts'
import { useLanguage } from '../../texts/language.tsx'
import { BalanceSection } from './balance-section.tsx'
import { ConnectionsSection } from './connections-section.tsx'
import { StatisticsSection } from './statistics-section.tsx'
import { TodaySection } from './today-section.tsx'

export function OverviewPage() {
  const { t } = useLanguage()
  const mode = useMode()
  const overview = useQuery({
    queryKey: ['overview', mode],
    queryFn: ({ signal }) => callApi<Overview>('/overview', { query: modeQuery(mode), signal }),
    refetchInterval: 15_000,
  })
  return (
    <Page title={t('overview.title')}>
      <Loaded query={overview} lines={8}>
        {(data) => (
          <>
            <BalanceSection balance={data.balance} appeals={data.appeals} />
            <TodaySection today={data.today} />
            <ConnectionsSection connections={data.connections} />
          </>
        )}
      </Loaded>
      <StatisticsSection />
    </Page>
  )
}
