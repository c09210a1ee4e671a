/**
 * Statements are put together here, and the library gets each as one text. For the library every part of a statement is a
 * promise with functions of its own, which the engine takes for long-lived: all that a finished statement and its parts have
 * held then stays until the next full collection, and every small one has to copy it. See decisions/0009.
 */
import type postgres from 'postgres'

type Library = postgres.Sql<{ bigint: bigint }>

/** One tagged template: a statement once somebody waits for it, a part of another one when it stands in that. */
class Statement implements PromiseLike<unknown> {
  readonly #library: Library
  readonly #strings: TemplateStringsArray
  readonly #values: readonly unknown[]
  #answer: Promise<unknown> | null = null

  constructor(library: Library, strings: TemplateStringsArray, values: readonly unknown[]) {
    this.#library = library
    this.#strings = strings
    this.#values = values
  }

  /** Nothing is sent before somebody waits, and then once. */
  then<Then, Else>(
    then?: ((answer: unknown) => Then | PromiseLike<Then>) | null,
    otherwise?: ((error: unknown) => Else | PromiseLike<Else>) | null,
  ): Promise<Then | Else> {
    this.#answer ??= this.#send()
    return this.#answer.then(then, otherwise) as Promise<Then | Else>
  }

  catch<Else>(otherwise: (error: unknown) => Else | PromiseLike<Else>): Promise<unknown> {
    return this.then(null, otherwise)
  }

  async finally(last: () => void): Promise<unknown> {
    try {
      return await this
    } finally {
      last()
    }
  }

  async #send(): Promise<unknown> {
    const values: unknown[] = []
    const text = this.#text(values)
    if (text === null) return this.#asWritten()
    const query = this.#library.unsafe(
      text,
      values as never[],
      { prepare: true, simple: false } as { prepare: boolean },
    )
    try {
      return await query
    } catch (error) {
      if (error instanceof Error) addPlace(error, placeOf(this.#strings))
      throw error
    } finally {
      Object.assign(query, forgotten)
    }
  }

  /** The text with its places numbered, and what belongs there. `null`: a part of it only the library can write. */
  #text(values: unknown[]): string | null {
    let text = this.#strings[0] as string
    for (let i = 0; i < this.#values.length; i += 1) {
      const value = this.#values[i]
      const parts = partsIn(value)
      if (parts) {
        for (const [n, part] of parts.entries()) {
          const written = part.#text(values)
          if (written === null) return null
          text += n === 0 ? written : ` ${written}`
        }
      } else {
        if (isHelper(value)) return null
        text += `$${values.push(value)}`
      }
      text += this.#strings[i + 1]
    }
    return text
  }

  #asWritten(): postgres.PendingQuery<postgres.Row[]> {
    const values = this.#values.map((value) => {
      const parts = partsIn(value)?.map((part) => part.#asWritten())
      return value instanceof Statement ? parts?.[0] : (parts ?? value)
    })
    return this.#library(this.#strings, ...(values as never[]))
  }
}

/** A part, or a list of parts to be written one after another; `null` = a value. */
function partsIn(value: unknown): readonly Statement[] | null {
  if (value instanceof Statement) return [value]
  return Array.isArray(value) && value[0] instanceof Statement ? value : null
}

/** What the library keeps of a statement that has its answer, and never asks for again. */
const forgotten = { args: [], strings: [], parameters: [], string: '', signature: '' }

const places = new WeakMap<TemplateStringsArray, string>()

/**
 * Where the template stands in the code: an error of the database tells nothing of it by itself. Kept as text: an `Error`
 * whose stack nobody has read holds the functions on it, with all they have in reach, such as the card of the first payment.
 */
function placeOf(strings: TemplateStringsArray): string {
  let place = places.get(strings)
  if (place === undefined) {
    place = (new Error().stack ?? '').replace(/^.*/, '')
    places.set(strings, place)
  }
  return place
}

/** The library makes the stack read-only. */
function addPlace(error: Error, place: string): void {
  Reflect.defineProperty(error, 'stack', { value: `${error.stack}${place}`, configurable: true, writable: true })
}

const helpers = new WeakSet<object>()

/** Names, lists of columns and ready texts, or a list of them, which the library writes by what stands around them. */
function isHelper(value: unknown): boolean {
  const one: unknown = Array.isArray(value) ? value[0] : value
  return typeof one === 'object' && one !== null && helpers.has(one)
}

function helper<Of extends object>(made: Of): Of {
  helpers.add(made)
  return made
}

/** The library's pool, transaction or connection, with statements of this file. */
export function withStatements<Of extends Library>(library: Of): Of {
  return new Proxy(library, {
    apply(_target, _this, [first, ...rest]: [unknown, ...unknown[]]) {
      if (isTemplate(first)) {
        placeOf(first)
        return new Statement(library, first, rest)
      }
      return helper(Reflect.apply(library, undefined, [first, ...rest]) as object)
    },
    get(_target, name) {
      const member: unknown = Reflect.get(library, name)
      if (name === 'begin' || name === 'savepoint') return inside(member as Begin)
      if (name === 'unsafe') return (...args: Parameters<Library['unsafe']>) => helper(library.unsafe(...args))
      if (name === 'reserve') return async () => withStatements(await library.reserve())
      return member
    },
  })
}

function isTemplate(value: unknown): value is TemplateStringsArray {
  return Array.isArray(value) && 'raw' in value
}

type Begin = (...args: unknown[]) => Promise<unknown>

/** What runs inside a transaction gets statements of this file too. */
function inside(begin: Begin): Begin {
  return (...args) => {
    const run = args.at(-1) as (tx: Library) => unknown
    return begin(...args.slice(0, -1), (tx: Library) => run(withStatements(tx)))
  }
}
