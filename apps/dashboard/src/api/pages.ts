/** A list that comes page by page. */
import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query'
import { callApi, type Query } from './client.ts'

type Page = { readonly cursor: string | null }

/** While only the first page is shown it is asked for again every `refresh_ms`; further ones would move under the reader. */
export function usePages<Document extends Page>(
  key: QueryKey,
  path: string,
  query: Query,
  refresh_ms: number | false = false,
) {
  return useInfiniteQuery({
    queryKey: [...key, query],
    queryFn: ({ pageParam, signal }) =>
      callApi<Document>(path, { query: { ...query, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 1) > 1 ? false : refresh_ms),
  })
}
