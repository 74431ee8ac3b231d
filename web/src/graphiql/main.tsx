/** The explorer at /graphiql: served from the box, signed in with the same cookie, nothing from elsewhere. */
import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './graphiql.css'
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createClient } from 'graphql-ws'
import { createRoot } from 'react-dom/client'

const WELCOME = `# Who is signed in, and this fiscal year's figures.
# Sign in at / first: the cookie counts here, too.
query Board {
  viewer { person { name } }
  organization {
    name
    revision
    rollUp {
      headline { plan { value { amount currency } } outlook { value { amount } formula } }
      funnel { stage measures outlook { value { amount } } }
    }
  }
}

# Every fact, live, the moment it happens.
# subscription { activity { revision at sentence } }
`

const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  headers: { 'X-Stageline': 'web' },
  wsClient: createClient({ url: `${scheme}://${location.host}/graphql` }),
})

const root = document.getElementById('graphiql')
if (!root) throw new Error('graphiql.html has no #graphiql')
createRoot(root).render(<GraphiQL fetcher={fetcher} defaultQuery={WELCOME} />)
