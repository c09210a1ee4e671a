/** For tests: answers of the Card API in version 3. `{reference}` stands for our reference. */

const section = {
  status: 'successful',
  message: 'Payment was approved',
  gateway_id: 408,
  bank_code: '00',
  advice_code: null,
  auth_code: '654321',
  rrn: '178847226444',
  ref_id: 'acq_1',
  billing_descriptor: 'SIM*first',
  amount: 12300,
  currency: 'USD',
}

export const successful = {
  uid: '0193500a-6d2e-7b1c-9a53-2f1c7f6a1e11',
  status: 'successful',
  code: 'S.0000',
  friendly_message: 'The payment went through.',
  message: 'Approved.',
  amount: 12300,
  currency: 'USD',
  type: 'payment',
  tracking_id: '{reference}',
  test: true,
  redirect_url: 'https://card.example/process/0193500a-6d2e-7b1c-9a53-2f1c7f6a1e11',
  parent_uid: null,
  errors: null,
  payment_method: { payment_method_type: 'credit_card', last_4: '0000', token: '2efef4c9-d4de-4603-bc84-7a9bc5456939' },
  three_d_secure_verification: {
    status: 'successful',
    ve_status: 'Y',
    pa_status: 'A',
    eci: '06',
    xid: 'x',
    cavv: 'AAAB',
    cavv_algorithm: '2',
  },
  avs_cvc_verification: { avs_verification: { result_code: 'M' }, cvc_verification: { result_code: 'N' } },
  transaction: section,
}

export const failed = {
  ...successful,
  status: 'failed',
  code: 'F.0114',
  message: 'Insufficient funds.',
  three_d_secure_verification: null,
  transaction: { ...section, status: 'failed', bank_code: '51', advice_code: '24', auth_code: null, rrn: null },
}

/** No gateway was called. */
export const unrouted = {
  ...failed,
  code: 'F.2001',
  message: 'No gateway available for this payment.',
  transaction: { ...failed.transaction, gateway_id: null, bank_code: null, advice_code: null },
}

const open = { ...failed.transaction, bank_code: null, advice_code: null }
export const incomplete = { ...successful, status: 'incomplete', code: 'P.9998', message: null, transaction: open }
export const pending = { ...successful, status: 'pending', code: 'P.9999', transaction: open }
export const expired = { ...unrouted, status: 'expired', code: 'F.0109', message: 'Order expired.' }
export const child = { ...successful, type: 'refund', parent_uid: successful.uid, payment_method: null }

export function refusal(code: string, errors: object = {}): object {
  return { code, friendly_message: 'Invalid request parameters', message: 'Amount is invalid.', errors }
}

export const recorded: readonly string[] = [
  successful,
  failed,
  unrouted,
  incomplete,
  pending,
  expired,
  child,
  { ...child, type: 'capture' },
  { ...child, type: 'void' },
  { transactions: [successful] },
  { transactions: [child, pending] },
  { transactions: [] },
  refusal('E.1025', { amount: ["can't be greater than 100"] }),
  refusal('E.1010'),
  refusal('E.1004'),
  refusal('F.0108', { base: ['Duplicate transaction'] }),
].map((document) => JSON.stringify(document))
