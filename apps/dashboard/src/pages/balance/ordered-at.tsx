import { Moment } from '../../parts/moment.tsx'

/** When something was ordered, and by whom. */
export function OrderedAt({ at, by }: { readonly at: string; readonly by: string }) {
  return (
    <span className="two-lines">
      <Moment at={at} />
      <span className="clip dimmed small" title={by}>
        {by}
      </span>
    </span>
  )
}
