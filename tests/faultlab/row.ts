/** The rows of the fault lab: one trouble at one step of one payment, on one face, with one way to cascade. */
import { type Step, steps, type Trouble, troubles } from './trouble.ts'

export type Face = 'invoice' | 'card v2' | 'card v3'
/** Who goes on to the next gateway. */
export type Cascade = 'automatic' | 'merchant'

export type Row = {
  readonly step: Step
  readonly trouble: Trouble
  readonly face: Face
  readonly cascade: Cascade
}

type Way = Pick<Row, 'face' | 'cascade'>

const invoice: Way = { face: 'invoice', cascade: 'automatic' }
const ways: readonly Way[] = [
  invoice,
  { face: 'card v2', cascade: 'merchant' },
  { face: 'card v3', cascade: 'merchant' },
  { face: 'card v2', cascade: 'automatic' },
  { face: 'card v3', cascade: 'automatic' },
]
const [, v2, v3, , automatic] = ways as readonly [Way, Way, Way, Way, Way]

/** Where both versions would only repeat each other, each takes a part. */
const waysOf: Readonly<Record<Step, readonly Way[]>> = {
  request: ways,
  'first charge': ways,
  'second charge': [invoice, v2, automatic],
  'look-up': [invoice, v3, automatic],
  '3-D Secure': [invoice, v2, automatic],
  notification: [invoice, v3, automatic],
  capture: [v2, v3],
  void: [v2, v3],
  refund: [invoice, v2, v3],
  'refund look-up': [invoice, v2],
  'telling the merchant': [invoice, v2, v3],
}

/** Every row whose text has `part` in it. */
export function allRows(part = ''): Row[] {
  return steps
    .flatMap((step) => troubles[step].flatMap((trouble) => waysOf[step].map((way) => ({ step, trouble, ...way }))))
    .filter((row) => textOf(row).includes(part))
}

/** A few of each step, over all faces: what is quick, for the test suite. */
export function shortRows(): Row[] {
  const rows = allRows().filter(isQuick)
  return [...Map.groupBy(rows, ({ step }) => step).values()].flatMap((all) => all.filter((_, i) => i % 7 === 1))
}

/** Nobody waits for an answer that never comes, or for a notification that is late. */
function isQuick({ step, trouble }: Row): boolean {
  const { script, truth, endpoint, late } = trouble
  const open = truth === 'more' || (step === 'look-up' && late === true)
  return !open && endpoint !== 'stays silent' && script?.lookups !== 'timeout' && script?.notifications !== 'late'
}

export function textOf({ step, trouble, face, cascade }: Row): string {
  return `${step}: ${trouble.name} | ${face === 'invoice' ? face : `${face}, ${cascade}`}`
}
