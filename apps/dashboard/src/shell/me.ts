/** Who is signed in, for which provider, and what the person may do. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Me, Role } from '../../../server/src/provider-api/documents.ts'
import { callApi } from '../api/client.ts'

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => callApi<Me>('/me', { signal }),
  staleTime: 60_000,
})

/** Pages stand below the shell, which shows them only when somebody is signed in. */
export function useMe(): Me {
  const { data } = useQuery(meQuery)
  if (data === undefined) throw new Error('a page is shown to nobody')
  return data
}

/** As the API has it: trading and finance stand side by side below the owner. */
export function useMay(needed: Exclude<Role, 'viewer'>): boolean {
  const { role } = useMe().person
  return role === 'owner' || role === needed
}

export function useIsOwner(): boolean {
  return useMe().person.role === 'owner'
}
