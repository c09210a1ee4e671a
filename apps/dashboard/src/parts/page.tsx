import { Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { useMe } from '../shell/me.ts'

type Props = {
  readonly title: string
  /** Below the title: what the page is for, in a sentence. */
  readonly about?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function Page({ title, about, actions, children }: Props) {
  const { provider } = useMe()
  useEffect(() => {
    document.title = `${title} · ${provider.name}`
  }, [title, provider.name])
  return (
    <>
      <div className="page-head">
        <div>
          <Title order={1}>{title}</Title>
          {about !== undefined && <p className="page-about">{about}</p>}
        </div>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </div>
      {children}
    </>
  )
}

/** A box with a heading. */
export function Section(props: {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
  readonly flush?: boolean
}) {
  const { title, aside, children, flush = false } = props
  return (
    <section className="section" data-flush={flush || undefined}>
      <div className="section-head">
        <Title order={2} size="h5">
          {title}
        </Title>
        {aside}
      </div>
      {children}
    </section>
  )
}
