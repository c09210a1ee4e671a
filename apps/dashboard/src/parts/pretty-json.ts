/**
 * JSON with a line per member. Text is laid out as it stands, without reading its numbers: 3900.00 must not become 3900 where
 * people compare what was sent. Text that is no JSON stays as it is.
 */
export function prettyJson(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value, null, 2) ?? ''
  try {
    JSON.parse(value)
  } catch {
    return value
  }
  return layOut(value)
}

function layOut(json: string): string {
  let depth = 0
  const line = (): string => `\n${'  '.repeat(depth)}`
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []
  return tokens
    .map((token, index) => {
      const next = tokens[index + 1] ?? ''
      if (token === '{' || token === '[') {
        depth += 1
        return next === '}' || next === ']' ? token : token + line()
      }
      if (token === '}' || token === ']') {
        depth -= 1
        const before = tokens[index - 1]
        return before === '{' || before === '[' ? token : line() + token
      }
      if (token === ',') return `,${line()}`
      return token === ':' ? ': ' : token
    })
    .join('')
}
