/** Black or white on a colour, whichever can be read better. WCAG 2.2, relative luminance. Pure. */

const dark = '#101318'
const light = '#ffffff'
/** Where the contrast with `dark` and the one with `light` are the same. */
const balance = 0.19

/** `colour` as `#rgb`, `#rrggbb`, `rgb()` or `rgba()`; an opacity is left aside. */
export function readableOn(colour: string): string {
  return luminance(channelsOf(colour)) > balance ? dark : light
}

function channelsOf(colour: string): readonly number[] {
  if (!colour.startsWith('#'))
    return (colour.match(/\d+/g) ?? []).slice(0, 3).map((part) => Math.min(255, Number(part)))
  const digits = colour.slice(1)
  const pairs = digits.length === 3 ? [...digits].map((digit) => digit + digit) : (digits.match(/../g) ?? [])
  return pairs.map((pair) => Number.parseInt(pair, 16))
}

function luminance(channels: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const share = channel / 255
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
