// Loaded before the program by `npm start` and `npm test`; written so that any Node can read it.
const wanted = 24
const found = Number.parseInt(process.versions.node, 10)

if (found < wanted) {
  process.stderr.write(
    `Cascad runs on Node ${wanted}, and this is Node ${process.versions.node}.\n` +
      'npm ci brings the right one along: run "npm ci" (without --ignore-scripts), then "npm start" or "npm test".\n',
  )
  process.exit(1)
}
