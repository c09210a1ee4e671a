import { accountRoutes } from './accounts/routes.ts'
import { receiptRoutes } from './appeals/receipt-routes.ts'
import { appealRoutes } from './appeals/routes.ts'
import { cardApiRoutes } from './card-api/routes.ts'
import { checkoutRoutes } from './checkout/routes.ts'
import type { Config } from './config.ts'
import { type DashboardBuild, dashboardRoutes } from './dashboard/routes.ts'
import { demoRoutes } from './demo/routes.ts'
import { directoryRoutes } from './directory/routes.ts'
import type { RouteModule } from './http/routes.ts'
import { publicPaymentRoutes } from './payments/public-routes.ts'
import { paymentRoutes } from './payments/routes.ts'
import { saleRoutes } from './payments/sale-routes.ts'
import { providerRoutes } from './provider-api/routes.ts'
import { providerEventRoutes } from './provider-events/routes.ts'

/** Every module with routes, in the order they are registered; the demo's own only in the demo. */
export function routeModules(config: Config, dashboard?: DashboardBuild): RouteModule[] {
  return [
    accountRoutes,
    directoryRoutes,
    paymentRoutes,
    publicPaymentRoutes,
    saleRoutes,
    appealRoutes,
    receiptRoutes,
    checkoutRoutes,
    cardApiRoutes,
    providerEventRoutes,
    providerRoutes,
    dashboardRoutes(dashboard),
    ...(config.mode === 'demo' ? [demoRoutes] : []),
  ]
}
