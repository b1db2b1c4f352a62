/** Builds the admin page into what the gateway serves under /admin/. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const gateway = process.env['MLX_GATEWAY_URL'] ?? 'http://127.0.0.1:8090'

export default defineConfig({
  root: import.meta.dirname,
  base: '/admin/',
  plugins: [react()],
  build: {
    outDir: '../dist/admin-ui',
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: 'es2023',
    // the page's policy allows no inline scripts, and images come from files
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/admin/api': gateway, '/v1': gateway } },
})
