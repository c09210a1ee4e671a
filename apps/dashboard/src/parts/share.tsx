import { useLanguage } from '../texts/language.tsx'

/** A share of 0 to 1 in percent; nothing to divide by is "–", and only none of it is 0 %, all of it 100 %. */
export function useShare(): (share: number | null) => string {
  const { language } = useLanguage()
  return (share) =>
    share === null
      ? '–'
      : new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(
          share > 0 && share < 1 ? Math.min(0.999, Math.max(0.001, share)) : share,
        )
}

export function useCount(): (count: number) => string {
  const { language } = useLanguage()
  return (count) => new Intl.NumberFormat(language).format(count)
}
