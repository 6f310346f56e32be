import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/**
 * The page: everything from its own origin, hashed, nothing inlined (the server's content security policy forbids it).
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: fileURLToPath(new URL('../dist/web', import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:50080', '/queues': 'http://127.0.0.1:50080' } },
});
