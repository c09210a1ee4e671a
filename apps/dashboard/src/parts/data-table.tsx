import { useMediaQuery } from '@mantine/hooks'
import type { ReactNode } from 'react'

export type Column<Row> = {
  readonly key: string
  readonly title: string
  readonly cell: (row: Row) => ReactNode
  /** Numbers stand at the end. */
  readonly end?: boolean
  /** On a phone a row is a card: these two make its first line, `none` is left out, the others follow as pairs. */
  readonly card?: 'title' | 'side' | 'none'
}

type Props<Row> = {
  /** What the table is of, for those who hear it. */
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
}

/** Beside the navigation a table of many columns needs a desktop. */
const narrow = '(max-width: 68em)'

/** A table where there is room for one, else a list of cards. */
export function DataTable<Row>(props: Props<Row>) {
  const isNarrow = useMediaQuery(narrow, window.matchMedia(narrow).matches, { getInitialValueInEffect: false })
  return isNarrow ? <Cards {...props} /> : <WideTable {...props} />
}

function WideTable<Row>({ label, rows, columns, rowKey }: Props<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="table-scroll" aria-label={label} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            {columns.map(({ key, title, end }) => (
              <th key={key} scope="col" data-end={end || undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map(({ key, cell, end }) => (
                <td key={key} data-end={end || undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Cards<Row>({ label, rows, columns, rowKey }: Props<Row>) {
  const title = columns.find(({ card }) => card === 'title')
  const side = columns.find(({ card }) => card === 'side')
  const pairs = columns.filter(({ card }) => card === undefined)
  return (
    <ul className="cards" aria-label={label}>
      {rows.map((row) => (
        <li key={rowKey(row)} className="card">
          <div className="card-head">
            <div>{title?.cell(row)}</div>
            <div>{side?.cell(row)}</div>
          </div>
          <dl className="pairs">
            {pairs.map(({ key, title: name, cell }) => (
              <div key={key}>
                <dt>{name}</dt>
                <dd>{cell(row)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}
