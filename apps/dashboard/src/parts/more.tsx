import { Button } from '@mantine/core'
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useLanguage } from '../texts/language.tsx'
import { FormFailure } from './failure.tsx'

type Query = Pick<
  UseInfiniteQueryResult,
  'hasNextPage' | 'fetchNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'error'
>

/** The next page of a list, below what is there. */
export function More({ query }: { readonly query: Query }) {
  const { t } = useLanguage()
  if (!query.hasNextPage) return null
  return (
    <div className="more">
      {query.isFetchNextPageError && <FormFailure error={query.error} />}
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t('more')}
      </Button>
    </div>
  )
}
