import type { PaymentDetail } from '../../../../server/src/provider-api/documents.ts'
import { compareDecimals } from '../../amounts/decimal.ts'
import { Amount } from '../../parts/amount.tsx'
import { Moment } from '../../parts/moment.tsx'
import { useLanguage } from '../../texts/language.tsx'

type Step = PaymentDetail['timeline'][number]

export function TimeLine({ steps }: { readonly steps: readonly Step[] }) {
  const { word } = useLanguage()
  return (
    <ol className="time-line">
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two steps may be the same in everything but their place
        <li key={index} data-event={step.event} data-future={new Date(step.at) > new Date() || undefined}>
          <span className="time-line-time">
            <Moment at={step.at} seconds />
          </span>
          <span className="time-line-what">
            <strong>{word('step', step.event)}</strong> <StepText step={step} />
          </span>
        </li>
      ))}
    </ol>
  )
}

/** What the API adds to a step, with the codes in it as words. */
function StepText({ step: { event, text } }: { readonly step: Step }) {
  const { word } = useLanguage()
  if (event === 'booking') {
    const [kind = '', change = ''] = text.split(' ')
    return (
      <span className="dimmed">
        {word('kind', kind)}{' '}
        {/^-?\d/.test(change) && compareDecimals(change, '0') !== 0 && <Amount value={change} signed />}
      </span>
    )
  }
  if (event === 'ended') {
    const [state = '', reason] = text.split(': ')
    return (
      <span className="dimmed">
        {word('state', state)}
        {reason !== undefined && `: ${word('refusal', reason)}`}
      </span>
    )
  }
  // These say in words what the step's own name says already.
  if (event === 'claimed' || event === 'expires' || event === 'requested') return null
  if (event === 'paid') return text === '' ? null : <span className="dimmed">{word('flag', text)}</span>
  return <span className="dimmed break">{text}</span>
}
