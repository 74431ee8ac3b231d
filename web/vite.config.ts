import react from '@vitejs/plugin-react'
import { loadEnv } from 'vite'
import { defineConfig } from 'vitest/config'
import ClosingLine from './reporter'

/** `npm run dev` talks to a server here, or where STAGELINE_SERVER says; the built files are served by that server itself. */
const SERVER = 'http://127.0.0.1:8000'

export default defineConfig(({ mode }) => ({
  plugins: [react()],
  build: {
    target: 'es2023',
    // The application stays below 300 kB gzipped; the explorer's editor is large and loaded by nobody else.
    chunkSizeWarningLimit: 4_000,
    rolldownOptions: {
      input: { index: 'index.html', graphiql: 'graphiql.html' },
      // "use no memo" speaks to the React compiler, which does not run here.
      onLog: (level, log, report) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log)
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/graphql', '/files', '/board-pack', '/export.zip', '/calendar'].map((place) => [
        place,
        { target: loadEnv(mode, '.', 'STAGELINE_').STAGELINE_SERVER ?? SERVER, ws: true },
      ]),
    ),
  },
  test: { environment: 'jsdom', reporters: ['default', new ClosingLine()], include: ['src/**/*.test.{ts,tsx}'] },
}))
