import { useEffect, useState } from 'react'
import { useLanguage } from '../texts/language.tsx'

type Props = { readonly at: string; readonly seconds?: boolean }

/** A time in the reader's zone; its title has it in UTC, to the millisecond. */
export function Moment({ at, seconds = false }: Props) {
  const { language } = useLanguage()
  const text = new Intl.DateTimeFormat(language, {
    day: '2-digit',
    month: 'short',
    ...(new Date(at).getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
    hourCycle: 'h23',
  }).format(new Date(at))
  return (
    <time className="moment" dateTime={at} title={at}>
      {text}
    </time>
  )
}

const minute_ms = 60_000

/** Re-renders by itself about twice a minute. */
function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), minute_ms / 2)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** How long until a deadline, and how urgent that is. */
export function Deadline({ at }: { readonly at: string }) {
  const { language, t } = useLanguage()
  const left_ms = new Date(at).getTime() - useNow()
  const minutes = Math.max(0, Math.floor(left_ms / minute_ms))
  const unit = (value: number, name: 'hour' | 'minute' | 'day'): string =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor(minutes / 60)
  const left =
    days >= 2
      ? unit(days, 'day')
      : hours > 0
        ? `${unit(hours, 'hour')} ${unit(minutes % 60, 'minute')}`
        : unit(minutes, 'minute')
  const tone = left_ms <= 0 ? 'over' : hours < 2 ? 'near' : 'far'
  return (
    <time className="deadline" data-tone={tone} dateTime={at} title={at}>
      {left_ms <= 0 ? t('deadline.over') : t('deadline.left', { left })}
    </time>
  )
}

/** "85 ms", "1.2 s" */
export function Duration({ ms }: { readonly ms: number }) {
  const { language } = useLanguage()
  const long = ms >= 1_000
  const text = new Intl.NumberFormat(language, {
    style: 'unit',
    unit: long ? 'second' : 'millisecond',
    maximumFractionDigits: long ? 1 : 0,
  }).format(long ? ms / 1_000 : ms)
  return <span className="moment">{text}</span>
}

/** "1 min 20 s", from seconds. */
export function useLength(): (seconds: number) => string {
  const { language } = useLanguage()
  const unit = (value: number, name: 'hour' | 'minute' | 'second'): string =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  return (seconds) => {
    if (seconds < 60) return unit(Math.round(seconds), 'second')
    if (seconds < 3_600)
      return `${unit(Math.floor(seconds / 60), 'minute')} ${unit(Math.round(seconds % 60), 'second')}`
    return `${unit(Math.floor(seconds / 3_600), 'hour')} ${unit(Math.round((seconds % 3_600) / 60), 'minute')}`
  }
}
