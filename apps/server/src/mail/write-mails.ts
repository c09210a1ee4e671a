import type { Context } from '../context.ts'
import { isEmail } from '../http/text-forms.ts'
import { newId } from '../ids.ts'
import type { Audience, Letter, NewMail } from './mail.ts'
import { oneLine } from './rules/one-line.ts'
import { selectProviderAddresses } from './table.ts'

const title_length_max = 150

/** To whom, and what. An address that is none is left out. */
export type Addressed = { readonly audience: Audience; readonly to: string | null; readonly letter: Letter }

/** The mails as they are queued, one for each recipient. */
export function writeMails(subject_id: string, addressed: readonly Addressed[], now: Date): NewMail[] {
  return addressed.flatMap(({ audience, to, letter }) =>
    to !== null && isEmail(to)
      ? [
          {
            id: newId('mail', now),
            subject_id,
            audience,
            recipient: to,
            title: oneLine(letter.title, title_length_max),
            body: letter.body.toWellFormed().replaceAll('\0', ''),
            created_at: now,
          },
        ]
      : [],
  )
}

/** People of a provider who are told of appeals, and those who are told of its balance. */
export async function addressesOfProvider(
  { sql }: Pick<Context, 'sql'>,
  provider_id: string,
  about: 'appeals' | 'balance',
): Promise<string[]> {
  return selectProviderAddresses(sql, provider_id, ['owner', about === 'appeals' ? 'trading' : 'finance'])
}
