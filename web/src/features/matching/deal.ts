import { text } from '../../ui/fields'

/** The properties of a deal that a rule can ask for, and how a screen calls them. */
export const PROPERTIES = [
  ['product', 'Product'],
  ['productGroup', 'Product group'],
  ['territory', 'Territory'],
  ['account', 'Account'],
  ['accountGroup', 'Account group'],
  ['seller', 'Seller'],
] as const

type Deal = Record<(typeof PROPERTIES)[number][0], string | null>

/** What a form says of a deal; what is left empty is null. */
export const dealOf = (fields: FormData): Deal =>
  Object.fromEntries(PROPERTIES.map(([name]) => [name, text(fields, name)])) as Deal
