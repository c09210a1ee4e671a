/** Whether a text fits the pattern of a service field. */

/** Longer texts never fit: a pattern may be slow on them. */
const field_value_length_max = 512

/** The pattern, anchored at both ends; `null` when it is not a regular expression this engine reads. */
export function compilePattern(regexp: string): RegExp | null {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(`^(?:${regexp})$`, flags)
    } catch {
      // A pattern written for another engine may still be read without the strictness of `u`.
    }
  }
  return null
}

/** Does the value fit? A pattern that cannot be read fits nothing. */
export function matchesField(field: { readonly regexp: string }, value: string): boolean {
  if (value.length > field_value_length_max) return false
  return compilePattern(field.regexp)?.test(value) ?? false
}
