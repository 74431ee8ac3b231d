import { createContext, useContext } from 'react'
import type { SessionQuery } from '../gql/documents'

/** Who is signed in, and the organization whose numbers are on the screen. */
export type Session = NonNullable<SessionQuery['viewer']>

const SessionContext = createContext<Session | null>(null)
export const SessionProvider = SessionContext.Provider

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession is called outside of the signed-in frame')
  return session
}

export const useOrganization = (): Session['organization'] => useSession().organization
