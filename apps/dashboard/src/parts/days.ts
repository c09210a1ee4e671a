/** From a day to a day, both included, in the reader's zone; the address keeps the days, the API gets times. */
import dayjs from 'dayjs'

export type Days = { readonly from?: string | undefined; readonly to?: string | undefined }

const dayForm = /^\d{4}-\d{2}-\d{2}$/

/** The times of a period of days; days that are none are left out. */
export function periodQuery({ from, to }: Days): { from?: string; to?: string } {
  const first = from !== undefined && dayForm.test(from) ? dayjs(from) : null
  const last = to !== undefined && dayForm.test(to) ? dayjs(to) : null
  return {
    ...(first?.isValid() ? { from: first.startOf('day').toISOString() } : {}),
    ...(last?.isValid() ? { to: last.add(1, 'day').startOf('day').toISOString() } : {}),
  }
}

export const day = (ago: number): string => dayjs().subtract(ago, 'day').format('YYYY-MM-DD')

/** From so many days ago to today. */
export const daysBack = (count: number): { from: string; to: string } => ({ from: day(count), to: day(0) })
