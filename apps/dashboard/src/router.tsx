/** Every address of the dashboard. Pages are loaded when they are first opened. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  retainSearchParams,
} from '@tanstack/react-router'
import { Crash } from './shell/crash.tsx'
import { Missing } from './shell/missing.tsx'

type Search = Readonly<Record<string, unknown>>

const text = (search: Search, name: string): string | undefined => {
  const value = search[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The parameters of these names, as text; those that are empty are not there. */
function texts<Name extends string>(...names: Name[]): (search: Search) => Partial<Record<Name, string | undefined>> {
  return (search) => {
    const found: Partial<Record<Name, string | undefined>> = {}
    for (const name of names) {
      const value = text(search, name)
      if (value !== undefined) found[name] = value
    }
    return found
  }
}

const root = createRootRoute({
  component: Outlet,
  validateSearch: (search: Search): { mode?: 'test' | undefined } => (search.mode === 'test' ? { mode: 'test' } : {}),
  search: { middlewares: [retainSearchParams(['mode'])] },
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: texts('back'),
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
})

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: lazyRouteComponent(() => import('./shell/shell.tsx'), 'Shell'),
})
const below = { getParentRoute: () => shell } as const

const overview = createRoute({
  ...below,
  path: '/',
  validateSearch: texts('window', 'split', 'from', 'to'),
  component: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
})
const history = createRoute({
  ...below,
  path: '/history',
  validateSearch: texts('from', 'to', 'state', 'method', 'amount', 'id', 'flag'),
  component: lazyRouteComponent(() => import('./pages/history/history-page.tsx'), 'HistoryPage'),
})
const payment = createRoute({
  ...below,
  path: '/history/$attempt_id',
  component: lazyRouteComponent(() => import('./pages/payment/payment-page.tsx'), 'PaymentPage'),
})
const statement = createRoute({
  ...below,
  path: '/balance',
  validateSearch: texts('from', 'to', 'kind'),
  component: lazyRouteComponent(() => import('./pages/balance/statement-page.tsx'), 'StatementPage'),
})
const topUps = createRoute({
  ...below,
  path: '/balance/top-ups',
  component: lazyRouteComponent(() => import('./pages/balance/top-ups-page.tsx'), 'TopUpsPage'),
})
const withdrawals = createRoute({
  ...below,
  path: '/balance/withdrawals',
  component: lazyRouteComponent(() => import('./pages/balance/withdrawals-page.tsx'), 'WithdrawalsPage'),
})
const appeals = createRoute({
  ...below,
  path: '/appeals',
  validateSearch: texts('state'),
  component: lazyRouteComponent(() => import('./pages/appeals/appeals-page.tsx'), 'AppealsPage'),
})
const appeal = createRoute({
  ...below,
  path: '/appeals/$appeal_id',
  component: lazyRouteComponent(() => import('./pages/appeals/appeal-page.tsx'), 'AppealPage'),
})
const noPayments = createRoute({
  ...below,
  path: '/no-payments',
  component: lazyRouteComponent(() => import('./pages/no-payments/no-payments-page.tsx'), 'NoPaymentsPage'),
})
const settings = createRoute({
  ...below,
  path: '/settings',
  validateSearch: texts('gateway'),
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
})
const console_ = createRoute({
  ...below,
  path: '/console',
  validateSearch: texts('gateway'),
  component: lazyRouteComponent(() => import('./pages/console/console-page.tsx'), 'ConsolePage'),
})
const team = createRoute({
  ...below,
  path: '/team',
  component: lazyRouteComponent(() => import('./pages/team/team-page.tsx'), 'TeamPage'),
})
const password = createRoute({
  ...below,
  path: '/password',
  component: lazyRouteComponent(() => import('./pages/account/password-page.tsx'), 'PasswordPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    shell.addChildren([
      overview,
      history,
      payment,
      statement,
      topUps,
      withdrawals,
      appeals,
      appeal,
      noPayments,
      settings,
      console_,
      team,
      password,
    ]),
  ]),
  basepath: '/dashboard',
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultNotFoundComponent: Missing,
  defaultErrorComponent: Crash,
  // Parameters stay text: read as JSON, an amount in the address would become a float.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter(([, value]) => typeof value === 'string' && value !== '')
    const query = new URLSearchParams(given as [string, string][]).toString()
    return query === '' ? '' : `?${query}`
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
