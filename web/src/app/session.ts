import { createContext, useContext } from 'react'
import type { SessionQuery } from '../gql/documents'
import { standardWord } from '../ui/words'

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

type Names = Pick<Session['organization']['policy'], 'levels' | 'stages'>

/** What the policy calls the levels and stages, where that is not the standard word. */
export function namesOf({ levels, stages }: Names): Record<string, string> {
  const all = [...levels.map((one) => [one.level, one.name]), ...stages.map((one) => [one.stage, one.name])]
  return Object.fromEntries(all.filter(([key = '', name]) => name !== standardWord(key)))
}
