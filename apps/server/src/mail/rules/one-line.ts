/** Text that stands in a header or a name: in one line, without control or direction characters, cut at `length_max` characters. */
export function oneLine(text: string, length_max: number): string {
  const plain = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  const characters = [...plain]
  return characters.length <= length_max ? plain : `${characters.slice(0, length_max - 1).join('')}…`
}
