/** What may go wrong at which event of a payment by transfer, as data: what comes over the line, and what is true all the same. */
import { rawAnswers, rawIssues, unfinishedAnswers, unfinishedOrders } from './raw-answers.ts'
import type { Fault } from './wire.ts'

export const transferSteps = ['create', 'get', 'cancel', 'create appeal', 'confirm', 'cancel appeal'] as const
export type TransferStep = (typeof transferSteps)[number]

/** Names of the events on the line. */
export const eventsOf: Readonly<Record<TransferStep, string>> = {
  create: 'CREATE_PAYMENT',
  get: 'GET_PAYMENT',
  cancel: 'CANCEL_PAYMENT',
  'create appeal': 'CREATE_APPEAL',
  confirm: 'CONFIRM_APPEAL',
  'cancel appeal': 'CANCEL_APPEAL',
}

/** What reaches us, in the words of the contract's tables. */
export type Shape =
  | { readonly seen: 'nobody listens' }
  | { readonly seen: 'nothing' }
  /** The answer comes after its limit. */
  | { readonly seen: 'too late' }
  | { readonly seen: 'answer'; readonly status: number; readonly body: Body }

/** `plain`: no JSON object. `object`: one that says nothing of the event. */
export type Body =
  | 'right'
  | 'plain'
  | 'object'
  | 'amount out of range'
  | 'order'
  | 'success'
  | 'failed'
  | 'appeal'
  | 'odd status'
  | 'incomplete'
  | 'without id'
  | 'known id'

export type TransferTrouble = {
  readonly name: string
  readonly shape: Shape
  /** On the line; left out = the desk does it by itself. */
  readonly fault?: Fault
  readonly closed?: true
  /** How the desk goes on with the order; left out = as it is told. */
  readonly desk?: string
  /** The desk has got the request. */
  readonly arrives: boolean
  /** What becomes of the money, by the desk's books; left out = paid where the payer is told to. */
  readonly money?: 'unpaid' | 'late' | 'after cancel' | 'both' | 'orphan' | 'taken back'
  /** The payer gives up for good instead of asking for others. */
  readonly gives_up?: true
  /** The line is mended while the payer still has time. */
  readonly short?: true
  /** Waiting for it takes long: not in the test suite. */
  readonly slow?: true
}

const answered = (status: number, body: Body): Shape => ({ seen: 'answer', status, body })
const nothing: Shape = { seen: 'nothing' }

function says(
  name: string,
  status: number,
  body: string,
  read: Body,
  headers?: Readonly<Record<string, string>>,
): TransferTrouble {
  const how = { kind: 'status', status, body, ...(headers && { headers }) } as const
  return { name, shape: answered(status, read), fault: { arrives: false, how }, arrives: false }
}

function arriving({ fault, ...trouble }: TransferTrouble, name: string): TransferTrouble {
  return { ...trouble, name, arrives: true, ...(fault && { fault: { ...fault, arrives: true } }) }
}

const page = '<h1>It works!</h1>'
const html = { 'content-type': 'text/html' }
const silence: TransferTrouble = {
  name: 'silent before',
  shape: nothing,
  fault: { arrives: false, how: { kind: 'silence' } },
  arrives: false,
}
const cut: TransferTrouble = {
  name: 'cut before',
  shape: nothing,
  fault: { arrives: false, how: { kind: 'cut' } },
  arrives: false,
}
const failing = says('500 before', 500, '{"error":"broken"}', 'object')

/** At every event. */
const everywhere: readonly TransferTrouble[] = [
  { name: 'nobody listens', shape: { seen: 'nobody listens' }, closed: true, arrives: false },
  { ...silence, slow: true },
  { ...arriving(silence, 'silent after'), slow: true },
  cut,
  arriving(cut, 'cut after'),
  {
    name: 'cut in its answer',
    shape: answered(200, 'plain'),
    fault: { arrives: true, how: { kind: 'cut_in_answer' } },
    arrives: true,
  },
  failing,
  arriving(failing, '500 after'),
  says('503 page', 503, page, 'plain', html),
  says('302', 302, '', 'plain', { location: '/elsewhere' }),
  says('broken JSON', 200, '{"id":"trp_1","status":"pen', 'plain'),
  says('empty', 200, '', 'plain'),
  says('a list', 200, '[{"status":"success"}]', 'plain'),
  says('huge', 200, `{"status":"success","padding":"${'x'.repeat(1_048_576)}"}`, 'plain'),
  says('page', 200, page, 'plain', html),
  says('401', 401, '{"error":"unauthorized"}', 'object'),
  says('403 page', 403, page, 'plain', html),
  says('403 object', 403, '{"error":"forbidden"}', 'object'),
  says('404 page', 404, page, 'plain', html),
  says('404 object', 404, '{"error":"unknown"}', 'object'),
  says('405 page', 405, page, 'plain', html),
  says('409', 409, '{"error":"conflict"}', 'object'),
  says('418 plain', 418, 'No.', 'plain', html),
  says('422', 422, '{"error":"no"}', 'object'),
  says('429', 429, '{"error":"slower"}', 'object', { 'retry-after': '7', 'content-type': 'application/json' }),
  ...rawAnswers,
]

/** The desk's own document, changed on the way. */
function edited(
  name: string,
  body: Body,
  edit: (document: Record<string, unknown>) => object,
  status = 200,
): TransferTrouble {
  const fault = { arrives: true, how: { kind: 'edit', edit, status } } as const
  return { name, shape: answered(status, body), fault, arrives: true }
}
const without =
  (...fields: string[]) =>
  (document: Record<string, unknown>): object =>
    Object.fromEntries(Object.entries(document).filter(([field]) => !fields.includes(field)))
const withStatus =
  (status: unknown) =>
  (document: Record<string, unknown>): object => ({ ...document, status })

/** The desk's own way with the order. */
function desk(step: string, shape: Shape, arrives = true): TransferTrouble {
  return { name: `desk: ${step}`, shape, desk: step, arrives }
}
const right = answered(201, 'right')

const creates: readonly TransferTrouble[] = [
  {
    name: 'later than its limit',
    shape: { seen: 'too late' },
    fault: { arrives: true, how: { kind: 'late', after_ms: 3_500 } },
    arrives: true,
  },
  edited('success', 'success', withStatus('success')),
  edited('failed', 'failed', withStatus('failed')),
  edited('appeal', 'appeal', withStatus('appeal')),
  edited('odd status', 'odd status', withStatus('processing')),
  edited('status is a number', 'odd status', withStatus(1)),
  edited('wrong types', 'incomplete', (document) => ({
    ...document,
    bank: 5,
    owner: [document.owner],
    cardNumber: true,
  })),
  ...['bank', 'owner', 'cardNumber'].map((field) => edited(`without ${field}`, 'incomplete', without(field))),
  edited('a phone instead', 'incomplete', (document) => ({
    ...without('cardNumber')(document),
    sbpNumber: '+79000000000',
  })),
  edited('without id', 'without id', without('id')),
  edited('id with a line break', 'without id', (document) => ({ ...document, id: 'trp\n1' })),
  edited('id of 129 characters', 'without id', (document) => ({ ...document, id: 'x'.repeat(129) })),
  { ...edited('orphan is paid', 'appeal', withStatus('appeal')), desk: 'issue_success:0', money: 'orphan' },
  edited('503 with the order', 'order', (document) => document, 503),
  says('422 out of range', 422, '{"code":"AMOUNT_OUT_OF_RANGE"}', 'amount out of range'),
  edited('other terms', 'right', (document) => ({ ...document, amount: 1, currency: 'USD', currencyRate: 1 })),
  ...rawIssues,
  desk('issue', right),
  desk('slow:300', right),
  desk('number_id', right),
  desk('luhn_bad', right),
  desk('duplicate_id', answered(200, 'known id')),
  desk('refuse:NO_REQUISITES', answered(409, 'object'), false),
  desk('refuse:INSUFFICIENT_BALANCE', answered(402, 'object'), false),
  desk('refuse_plain:410', answered(410, 'plain'), false),
  desk('create_failed', answered(200, 'failed'), false),
  desk('bad_json', answered(200, 'plain')),
  desk('e500:created', answered(500, 'plain')),
]

const gets: readonly TransferTrouble[] = [
  edited('appeal', 'appeal', withStatus('appeal')),
  edited('odd status', 'odd status', withStatus('processing')),
  edited('status is a number', 'odd status', withStatus(1)),
  { ...edited('odd status, unpaid', 'odd status', withStatus('processing')), money: 'unpaid' },
  { ...failing, name: '500, unpaid', money: 'unpaid' },
  { ...failing, name: '500 for a while', short: true },
  { ...cut, name: 'cut for a while', short: true },
  desk('issue_success:5', answered(200, 'success')),
  { ...desk('issue_fail:5', answered(200, 'failed')), money: 'unpaid' },
  { ...desk('issue_never', answered(200, 'right')), money: 'unpaid' },
  { ...desk('issue_now_success', answered(200, 'right')), money: 'unpaid' },
  { ...desk('issue_late:7200', answered(200, 'right')), money: 'late' },
  { ...desk('issue_cancel_success', answered(200, 'right')), money: 'late' },
  { ...desk('issue', answered(200, 'right')), name: 'success is taken back', money: 'taken back' },
]

const cancels: readonly TransferTrouble[] = [
  says('204', 204, '', 'plain'),
  desk('issue', answered(200, 'object')),
  desk('cancel:409', answered(409, 'object')),
  desk('cancel:500', answered(500, 'plain')),
  { ...desk('issue_cancel_success', answered(200, 'object')), money: 'after cancel' },
  { ...desk('issue', answered(200, 'object')), name: 'both are paid', money: 'both' },
  { ...desk('issue_never', answered(200, 'object')), name: 'gives up', gives_up: true, money: 'unpaid' },
  {
    ...desk('issue_cancel_success', answered(200, 'object')),
    name: 'gives up and pays',
    gives_up: true,
    money: 'after cancel',
  },
  { ...failing, name: 'gives up, 500 before', gives_up: true, money: 'unpaid' },
]

const openings: readonly TransferTrouble[] = [
  desk('issue_never', answered(200, 'right')),
  says('200 without an id', 200, '{}', 'object'),
  desk('appeal:no_id', answered(200, 'object')),
  desk('appeal:409', answered(409, 'object')),
  desk('appeal:400', answered(400, 'object')),
]

const closings: readonly TransferTrouble[] = [
  desk('issue_never', answered(200, 'object')),
  desk('close:404', answered(404, 'object'), false),
  says('204', 204, '', 'plain'),
]

export const transferTroubles: Readonly<Record<TransferStep, readonly TransferTrouble[]>> = {
  create: [...[...everywhere, ...unfinishedAnswers].map(({ slow: _, ...one }) => one), ...creates],
  get: [...everywhere, ...unfinishedAnswers, ...gets],
  cancel: [...everywhere, ...unfinishedOrders, ...cancels],
  'create appeal': [...everywhere, ...unfinishedOrders, ...openings],
  confirm: [...everywhere, ...unfinishedOrders, ...closings],
  'cancel appeal': [...everywhere, ...unfinishedOrders, ...closings],
}
