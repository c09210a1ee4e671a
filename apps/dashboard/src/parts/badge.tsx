import type { ReactNode } from 'react'
import { useLanguage } from '../texts/language.tsx'

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'plain'

export function Badge({ tone, children, title }: { tone: Tone; children: ReactNode; title?: string | undefined }) {
  return (
    <span className="badge" data-tone={tone} title={title}>
      {children}
    </span>
  )
}

/** Colour never stands alone: the word says the same. */
const tones: Readonly<Record<string, Readonly<Record<string, Tone>>>> = {
  state: {
    requested: 'info',
    issued: 'info',
    success: 'good',
    refused: 'plain',
    violation: 'bad',
    not_sent: 'warn',
    unknown: 'warn',
    failed: 'bad',
    expired: 'plain',
    cancelled: 'plain',
  },
  flag: { claimed: 'info', late: 'warn', orphan: 'warn', appeal_open: 'warn', early_failure: 'bad' },
  appeal: {
    opened: 'info',
    submitted: 'warn',
    accepted: 'good',
    rejected: 'plain',
    arbitration: 'warn',
    confirmed: 'good',
    cancelled: 'plain',
  },
  top_up: { created: 'info', confirmed: 'good', rejected: 'bad', cancelled: 'plain' },
  withdrawal: { requested: 'info', approved: 'info', paid: 'good', rejected: 'bad', cancelled: 'plain' },
  connection: { active: 'good', draining: 'warn', off: 'plain', archived: 'plain', misconfigured: 'bad' },
  breaker: { closed: 'good', half_open: 'warn', open: 'bad' },
}

/** A code of the API as a word with its colour. */
export function StateBadge({ kind, code }: { readonly kind: string; readonly code: string }) {
  const { word } = useLanguage()
  return <Badge tone={tones[kind]?.[code] ?? 'plain'}>{word(kind, code)}</Badge>
}
