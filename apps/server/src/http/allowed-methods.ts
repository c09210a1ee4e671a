/** Tells 405 from 404: which methods the known paths have. Merchant API contract 2.3, steps 1 and 2. */
import type { FastifyInstance } from 'fastify'
import { Problem } from './problem.ts'

export type AllowedMethods = {
  /** 405 with `Allow` when another method is known for the path, else 404. */
  readonly refuse: (path: string) => Problem
}

/** Watches the routes as they are registered. HEAD goes with GET and is not listed. */
export function watchMethods(app: FastifyInstance): AllowedMethods {
  const known = new Map<string, { form: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', (route) => {
    if (route.url === '*') return
    const entry = known.get(route.url) ?? { form: pathForm(route.url), methods: new Set<string>() }
    for (const method of [route.method].flat()) if (method !== 'HEAD' && method !== 'OPTIONS') entry.methods.add(method)
    known.set(route.url, entry)
  })
  return {
    refuse(path) {
      const methods = new Set<string>()
      for (const { form, methods: allowed } of known.values()) {
        if (form.test(path)) for (const method of allowed) methods.add(method)
      }
      if (methods.size === 0) return new Problem(404)
      return new Problem(405, { headers: { allow: [...methods].sort().join(', ') } })
    },
  }
}

function pathForm(url: string): RegExp {
  const parts = url.replace(/\/+$/, '').split('/')
  const pattern = parts.map((part) => {
    if (part === '*') return '.*'
    return part.startsWith(':') ? '[^/]+' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  })
  return new RegExp(`^${pattern.join('/')}/?$`)
}
