import react from '@vitejs/plugin-react'
import { loadEnv } from 'vite'
import { defineConfig } from 'vitest/config'
import ClosingLine from './reporter'

/** `npm run dev` talks to a server here, or where STAGELINE_SERVER says; the built files are served by that server itself. */
const SERVER = 'http://127.0.0.1:8000'

export default defineConfig(({ mode }) => ({
  plugins: [react()],
  build: { target: 'es2023', chunkSizeWarningLimit: 900 },
  server: { proxy: { '/graphql': { target: loadEnv(mode, '.', 'STAGELINE_').STAGELINE_SERVER ?? SERVER, ws: true } } },
  test: { environment: 'jsdom', reporters: ['default', new ClosingLine()], include: ['src/**/*.test.{ts,tsx}'] },
}))
