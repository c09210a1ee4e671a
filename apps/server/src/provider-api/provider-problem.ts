/** A refusal of the dashboard's API: a code for programs and a sentence for people. */
export class ProviderProblem extends Error {
  readonly status: number
  readonly code: string
  /** What is wrong with single fields of the body, by dotted path. */
  readonly fields: Readonly<Record<string, string>> | null

  constructor(status: number, code: string, message: string, fields: Readonly<Record<string, string>> | null = null) {
    super(message)
    this.name = 'ProviderProblem'
    this.status = status
    this.code = code
    this.fields = fields
  }
}

/** Also for what is another provider's: nobody learns that it exists. */
export function notFound(): ProviderProblem {
  return new ProviderProblem(404, 'not_found', 'There is nothing here of yours.')
}

/** 409: the order cannot be carried out as things stand. */
export function conflict(code: string, message: string): ProviderProblem {
  return new ProviderProblem(409, code, message)
}

/** 422: one sentence per field. */
export function invalidFields(fields: Readonly<Record<string, string>>): ProviderProblem {
  return new ProviderProblem(422, 'invalid', 'Some of this is not valid.', fields)
}
