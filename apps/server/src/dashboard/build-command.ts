/** `npm run dashboard:build`; `npm start` runs it by itself. */
import { buildDashboard } from './build-dashboard.ts'
import { dashboardFolder } from './dashboard-folder.ts'

try {
  const done = await buildDashboard(dashboardFolder)
  process.stdout.write(done === 'built' ? 'The dashboard is built.\n' : 'The dashboard was built already.\n')
} catch (error) {
  process.stderr.write(`The dashboard cannot be built: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
