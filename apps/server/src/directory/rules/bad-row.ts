/** Why a row of an imported file cannot be taken: one sentence without a full stop. */
export class BadRow extends Error {}
