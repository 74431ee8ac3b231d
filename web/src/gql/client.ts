/**
 * The one way to the server: queries and mutations by HTTP with the session cookie and a header that no foreign page
 * can send without a preflight; subscriptions by graphql-transport-ws on the same address.
 */
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors'
import { ErrorLink } from '@apollo/client/link/error'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { OperationTypeNode } from 'graphql'
import { type Client, createClient } from 'graphql-ws'
import { ContactStore } from './contact'
import { SessionDocument } from './documents'
import { possibleTypes } from './possible-types'

export const contact = new ContactStore()

/** Parts of an answer that have no id of their own: the screens select them differently, so they are merged. */
const MERGED = ['RollUp', 'HeadlineFigures', 'SalesFigures', 'Figure', 'GateReadiness', 'Policy'] as const

export function makeCache(): InMemoryCache {
  const merged = Object.fromEntries(MERGED.map((name) => [name, { merge: true }]))
  return new InMemoryCache({ possibleTypes, typePolicies: { ...merged, Viewer: { keyFields: false, merge: true } } })
}

/** Close codes by which the server says "not you, not any more": whoever listens asks again who is signed in. */
const UNWELCOME = [4401, 4403]
const PONG_WAIT_MS = 3_000

/** After an outage everybody comes back at once: each asks again at a moment of its own within this time. */
const COME_BACK_MS = 1_500

function makeSocket(onUnwelcome: () => void, onBack: () => void): Client {
  let waiting: ReturnType<typeof setTimeout> | undefined
  let wasLost = false
  const address = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`
  const client = createClient({
    url: address,
    keepAlive: 4_000,
    lazyCloseTimeout: 2_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: async (retries) => {
      const longest = Math.min(10_000, 300 * 2 ** retries)
      await new Promise((resolve) => setTimeout(resolve, longest * (0.5 + Math.random() / 2)))
    },
    shouldRetry: (problem) => !(problem instanceof CloseEvent && UNWELCOME.includes(problem.code)),
    on: {
      connected: () => {
        if (wasLost) setTimeout(onBack, Math.random() * COME_BACK_MS)
        wasLost = false
        contact.heard()
      },
      message: () => contact.heard(),
      ping: (received) => {
        if (!received) waiting = setTimeout(() => client.terminate(), PONG_WAIT_MS)
      },
      pong: (received) => {
        if (received) clearTimeout(waiting)
      },
      closed: (event) => {
        clearTimeout(waiting)
        const code = event instanceof CloseEvent ? event.code : 0
        if (code !== 1000) {
          wasLost = contact.read().at !== null
          contact.lost()
        }
        if (UNWELCOME.includes(code)) onUnwelcome()
      },
    },
  })
  return client
}

export type Connection = { apollo: ApolloClient; socket: Client }

/** An answer that says "not signed in": the frame asks again who is there, and shows the sign-in. */
const isSignedOut = (problem: unknown): boolean =>
  (ServerError.is(problem) && problem.statusCode === 401) ||
  (CombinedGraphQLErrors.is(problem) && problem.errors.some((one) => one.extensions?.code === 'UNAUTHENTICATED'))

export function connect(): Connection {
  const askWho = () => void apollo.refetchQueries({ include: [SessionDocument] })
  const http = new HttpLink({ uri: '/graphql', credentials: 'same-origin', headers: { 'X-Stageline': 'web' } })
  // Streams resume by themselves; what was only asked for, or failed meanwhile, is asked for again.
  const askAgain = () => void apollo.refetchQueries({ include: 'active' })
  const socket = makeSocket(askWho, askAgain)
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    ApolloLink.from([
      new ErrorLink(({ error, operation }) => {
        if (isSignedOut(error) && operation.operationName !== 'Session') askWho()
      }),
      http,
    ]),
  )
  const apollo = new ApolloClient({
    link,
    cache: makeCache(),
    defaultOptions: { watchQuery: { notifyOnNetworkStatusChange: true } },
  })
  return { apollo, socket }
}
