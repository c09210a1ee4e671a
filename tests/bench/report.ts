export type Row = { readonly what: string; readonly value: string; readonly goal: string }

/** A Markdown table. */
export function renderTable(rows: readonly Row[]): string {
  const lines = rows.map(({ what, value, goal }) => `| ${what} | ${value} | ${goal} |`)
  return ['| measured | value | goal |', '|---|---|---|', ...lines].join('\n')
}
