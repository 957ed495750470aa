import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { guide } from './build/guide.ts';
import { packed } from './build/packed.ts';

// The server that the pages are developed against.
const server = process.env.CONVOKE_SERVER ?? 'http://127.0.0.1:8787';

export default defineConfig({
  plugins: [react(), guide(), packed()],
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 1500, reportCompressedSize: false },
  server: { proxy: { '/api': server, '/health': server, '/sign-in/oidc': server, '/docs': server } },
});
