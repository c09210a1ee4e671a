import type { ReactNode } from 'react'

type Props = {
  readonly tone: 'bad' | 'warn'
  readonly title: string
  readonly children?: ReactNode
}

/** Something to be noticed at once; it is also read out. */
export function Notice({ tone, title, children }: Props) {
  return (
    <div className="notice" data-tone={tone} role="alert">
      <p className="notice-title">{title}</p>
      {children !== undefined && <div className="notice-text">{children}</div>}
    </div>
  )
}
