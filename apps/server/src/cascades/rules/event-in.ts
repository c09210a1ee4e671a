/** The event a body of the Cascade API is about, in whatever spelling it was sent; `UNKNOWN` for any other text. */
export function eventIn(body: string): string {
  return /"event":"(?:CascadeEvents\.)?([A-Z_]{1,40})"/.exec(body)?.[1] ?? 'UNKNOWN'
}
