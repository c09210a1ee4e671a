/** A place in a JSON document, by RFC 6901. */

/** The steps from the top to the place; `null` = the text is no pointer. "" is the whole document. */
export function readPointer(text: string): readonly string[] | null {
  if (text === '') return []
  if (!/^(\/([^~/]|~[01])*)+$/u.test(text)) return null
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}
