/** How the dashboard is built: `npm run dashboard:build`, and `npm start` by itself when its sources have changed. */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/dashboard/',
  plugins: [react()],
  // The server puts a new nonce there for every page: Mantine writes some styles while it runs.
  html: { cspNonce: 'nonce-of-the-page' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: false,
    // Inlined files would need `data:` in the policy for fonts and scripts.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
})
