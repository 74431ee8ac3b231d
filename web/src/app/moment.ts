/**
 * As-of reading: the address holds `asOf`, a day (`2026-06-18`: as it stood at its end) or a revision (`r1234`), so that
 * a copied link shows the same past.
 */
import { createContext, useContext } from 'react'
import type { Moment } from '../gql/past'
import { day, endOfDay } from '../ui/dates'
import type { Session } from './session'

/** What the address may say; anything else means today. */
export const asOfText = (value: unknown): string | undefined =>
  /^(r\d{1,15}|\d{4}-\d{2}-\d{2})$/.test(String(value)) ? String(value) : undefined

export function momentOf(asOf: string, timeZone: string): Moment {
  return asOf.startsWith('r') ? { asOf: asOf.slice(1) } : { asOfTime: endOfDay(asOf, timeZone) }
}

export const spokenMoment = (asOf: string): string =>
  asOf.startsWith('r') ? `revision ${Number(asOf.slice(1)).toLocaleString('en-GB')}` : day(asOf)

/** The session as the screens are to see it: in the past, the day that was chosen is their today. */
export const sessionAsOf = (session: Session, asOf: string | null): Session =>
  asOf === null || asOf.startsWith('r')
    ? session
    : { ...session, organization: { ...session.organization, today: asOf } }

const AsOfContext = createContext<{ asOf: string | null; today: string }>({ asOf: null, today: '' })
export const AsOfProvider = AsOfContext.Provider

/** The past that is on the screen, or null; and which day it really is. */
export const useAsOf = (): { asOf: string | null; today: string } => useContext(AsOfContext)
