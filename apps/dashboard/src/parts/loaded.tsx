import { Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useLanguage } from '../texts/language.tsx'
import { LoadFailure } from './failure.tsx'

type Props<Data> = {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>
  /** How many lines of skeleton stand for it. */
  readonly lines?: number
  readonly children: (data: Data) => ReactNode
}

export function Waiting({ lines = 6 }: { readonly lines?: number }) {
  const { t } = useLanguage()
  const widths = ['94%', '72%', '86%', '64%', '90%', '78%']
  return (
    <div className="waiting" role="status" aria-label={t('waiting')}>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a skeleton are all the same
        <Skeleton key={index} height={14} width={widths[index % widths.length] ?? '80%'} radius="sm" />
      ))}
    </div>
  )
}

/** Waiting, failed, or there. What was there before stays while it is asked for again, also when that fails. */
export function Loaded<Data>({ query, lines, children }: Props<Data>) {
  const { t } = useLanguage()
  const { data, error, refetch } = query
  const retry = (): void => void refetch()
  if (data === undefined) return error ? <LoadFailure error={error} retry={retry} /> : <Waiting lines={lines ?? 6} />
  return (
    <>
      {error && (
        <p className="stale" role="status">
          {t('failure.stale')}{' '}
          <button type="button" className="link" onClick={retry}>
            {t('failure.retry')}
          </button>
        </p>
      )}
      {children(data)}
    </>
  )
}
