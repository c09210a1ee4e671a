/** The page of a payment by requisites, as a browser without scripts uses it. */
import { form, type Reply, request } from './patient-request.ts'

export type Act = 'paid' | 'other' | 'cancel' | 'check'

export function openPage(url: string, id: string): Promise<Reply> {
  return request(`${url}/hpp/?cpi=${id}`, {})
}

/** What the page shows now. */
export async function viewOf(url: string, id: string): Promise<string> {
  const { body } = await request(`${url}/hpp/state?cpi=${id}`, {})
  return body?.view ?? 'gone'
}

/** HTTP status of pressing a button; `null` = it is not there. `check` has none of its own while requisites are shown. */
export async function press(url: string, id: string, act: Act): Promise<number | null> {
  const { body } = await openPage(url, id)
  const forms = String(body).matchAll(
    /action="(\/hpp\/requisites\/(\w+)\?[^"]*)"[^>]*>.*?name="mark" value="([^"]*)"/gs,
  )
  for (const [, action = '', name, mark = ''] of forms) {
    if (name !== act && act !== 'check') continue
    const target = action.replaceAll('&amp;', '&').replaceAll('&#61;', '=').replace(`/${name}?`, `/${act}?`)
    return (await request(url + target, form({ mark }))).status
  }
  return null
}
