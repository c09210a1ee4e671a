/** Did a statement fail because the pool was closed? Then the process stops, and nothing is wrong. */
export function isClosed(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    /^CONNECTION_(ENDED|DESTROYED)$/.test(`${error.code}`)
  )
}
