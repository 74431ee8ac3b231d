// The client `graphql-ws` of npm, as the web application uses it, on a leash: a command per line on stdin, a message per
// line on stdout. {"id": 1, "query": "…", "variables": {…}} subscribes, {"id": 1} ends that operation.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const { createClient } = createRequire(new URL('../../web/package.json', import.meta.url))('graphql-ws')
const [url, token] = process.argv.slice(2)
const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)
const running = new Map()

const client = createClient({
  url,
  lazy: false,
  retryAttempts: 0,
  connectionParams: { authorization: `Bearer ${token}` },
  onNonLazyError: () => {},
  on: {
    connected: () => tell({ connected: true }),
    closed: (event) => tell({ closed: event.code }),
  },
})

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, query, variables } = JSON.parse(line)
    if (!query) return running.get(id)?.()
    const stop = client.subscribe(
      { query, variables },
      {
        next: (answer) => tell({ id, answer }),
        error: (problem) => tell({ id, error: problem.code ? `closed with ${problem.code}` : JSON.stringify(problem) }),
        complete: () => tell({ id, complete: true }),
      },
    )
    running.set(id, stop)
  })
  .on('close', () => client.dispose())
