/** A client for the past: the same documents, each pinned to one moment, in a cache of its own. */
import { ApolloClient, DocumentTransform } from '@apollo/client'
import { type ArgumentNode, type DocumentNode, Kind, visit } from 'graphql'
import { makeCache } from './client'

export type Moment = { asOf: string } | { asOfTime: string }

/** The root fields that read the past; all others (the ledger, the viewer) are of today. */
const ROOTS = ['organization', 'node', 'nodes', 'search']

/** A query with the moment as an argument of its root fields. Mutations and subscriptions stay what they are. */
export function pinned(document: DocumentNode, moment: Moment): DocumentNode {
  const [[name, value]] = Object.entries(moment) as [[string, string]]
  const argument: ArgumentNode = {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: name },
    value: { kind: Kind.STRING, value },
  }
  return visit(document, {
    FragmentDefinition: () => false,
    OperationDefinition: (operation) => {
      if (operation.operation !== 'query') return false
      const selections = operation.selectionSet.selections.map((field) =>
        field.kind === Kind.FIELD && ROOTS.includes(field.name.value)
          ? { ...field, arguments: [...(field.arguments ?? []), argument] }
          : field,
      )
      return { ...operation, selectionSet: { ...operation.selectionSet, selections } }
    },
  })
}

const past = new WeakSet<ApolloClient>()

export function pastClient(present: ApolloClient, moment: Moment): ApolloClient {
  const documentTransform = new DocumentTransform((document) => pinned(document, moment))
  const client = new ApolloClient({ link: present.link, cache: makeCache(), documentTransform })
  past.add(client)
  return client
}

/** Whether a client reads the past. */
export const isPast = (client: ApolloClient): boolean => past.has(client)
