import type { Purpose } from '../../gql/documents'

/** What a change request is called. */
export const changeName = ({ purpose }: { purpose: Purpose }): string =>
  purpose === 'REOPENING' ? 'Reopening' : 'Change of the plan'
