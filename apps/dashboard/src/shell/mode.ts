/** Live or test: part of the address, so that a link shows the same to everybody and a reload changes nothing. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Mode } from '../../../server/src/provider-api/documents.ts'

export function useMode(): Mode {
  return useSearch({ strict: false, select: (search) => (search.mode === 'test' ? 'test' : 'live') })
}

/** Stays on the page; filters that name things of the other mode simply find nothing there. */
export function useSetMode(): (mode: Mode) => void {
  const navigate = useNavigate()
  return (mode) =>
    void navigate({ to: '.', search: (search) => ({ ...search, mode: mode === 'test' ? 'test' : undefined }) })
}
