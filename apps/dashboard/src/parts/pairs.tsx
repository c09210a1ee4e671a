import type { ReactNode } from 'react'

/** Names and values; what is `null` is left out. */
export function Pairs({ of }: { readonly of: readonly (readonly [name: string, value: ReactNode] | null)[] }) {
  return (
    <dl className="pairs" data-wide>
      {of.map(
        (pair) =>
          pair && (
            <div key={pair[0]}>
              <dt>{pair[0]}</dt>
              <dd>{pair[1]}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
