import type { ReactNode } from 'react'

type Props = {
  readonly name: string
  readonly children: ReactNode
  /** Below the figure: what it is made of, or until when it may change. */
  readonly note?: ReactNode
  readonly tone?: 'bad' | 'warn' | undefined
  readonly main?: boolean
}

/** One figure of a row of figures. */
export function Figure({ name, children, note, tone, main = false }: Props) {
  return (
    <div className="figure" data-tone={tone} data-main={main || undefined}>
      <dt>{name}</dt>
      <dd className="figure-value">{children}</dd>
      {note !== undefined && <dd className="figure-note">{note}</dd>}
    </div>
  )
}

export function Figures({ children, label }: { readonly children: ReactNode; readonly label: string }) {
  return (
    <dl className="figures" aria-label={label}>
      {children}
    </dl>
  )
}
