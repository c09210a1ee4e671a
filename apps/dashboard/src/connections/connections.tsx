/** The provider's endpoints, and which of them a page is about. */
import { NativeSelect } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Connection, Connections } from '../../../server/src/provider-api/connection-documents.ts'
import type { Mode } from '../../../server/src/provider-api/documents.ts'
import { callApi, modeQuery } from '../api/client.ts'
import { Empty } from '../parts/empty.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { useMode } from '../shell/mode.ts'
import { useLanguage } from '../texts/language.tsx'

export const connectionsQuery = (mode: Mode) =>
  queryOptions({
    queryKey: ['connections', mode],
    queryFn: ({ signal }) => callApi<Connections>('/connections', { query: modeQuery(mode), signal }),
  })

type Props = {
  /** From the address; the first one where it names none. */
  readonly gateway: string | undefined
  readonly choose: (gateway: string) => void
  readonly children: (connection: Connection) => ReactNode
}

export function ChosenConnection({ gateway, choose, children }: Props) {
  const { t } = useLanguage()
  const mode = useMode()
  const connections = useQuery(connectionsQuery(mode))
  return (
    <Loaded query={connections} lines={12}>
      {(data) => {
        const own = data.connections.filter((connection) => connection.mode === mode)
        const chosen = own.find(({ gateway_id }) => String(gateway_id) === gateway) ?? own[0]
        if (chosen === undefined) {
          return (
            <Empty title={t(mode === 'test' ? 'overview.no_connection_test' : 'overview.no_connection')}>
              {t('overview.no_connection_text')}
            </Empty>
          )
        }
        return (
          <>
            {own.length > 1 && (
              <NativeSelect
                className="connection-choice"
                label={t('connection.choose')}
                value={String(chosen.gateway_id)}
                onChange={(event) => choose(event.currentTarget.value)}
                data={own.map(({ gateway_id, name }) => ({ value: String(gateway_id), label: name }))}
              />
            )}
            {children(chosen)}
          </>
        )
      }}
    </Loaded>
  )
}
