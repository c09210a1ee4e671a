/** Is there such a time zone for `Intl`? Names of the IANA database, and offsets such as `+03:00`. */
export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}
