/** What is asked for is kept for a few seconds and asked for again when the person comes back to the page. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiFailure } from './client.ts'
import { session } from './session.ts'

const fresh_ms = 5_000
const retries_max = 2

function watchSession(error: unknown): void {
  if (error instanceof ApiFailure && error.status === 401 && error.code !== 'wrong_credentials') session.end()
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watchSession }),
  mutationCache: new MutationCache({
    onError: watchSession,
    // Every change stands in the journal.
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['audit'] }),
  }),
  defaultOptions: {
    queries: {
      staleTime: fresh_ms,
      retry: (tries, error) => {
        const again = error instanceof ApiFailure && (error.status === 0 || error.status >= 500)
        return again && tries < retries_max
      },
      retryDelay: (tries) => 500 * 2 ** tries,
    },
  },
})
