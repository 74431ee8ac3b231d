import { useQuery } from '@apollo/client/react'
import { NodeLink } from '../../app/NodeLink'
import { useOrganization } from '../../app/session'
import { type EntryFragment, FindingDetailDocument } from '../../gql/documents'
import { day } from '../../ui/dates'
import { readable } from '../../ui/numbers'
import { Bone, Failed } from '../../ui/parts'

function By({ title, entry }: { title: string; entry: EntryFragment | null }) {
  const { today } = useOrganization()
  return (
    <p>
      <b>{title}</b>{' '}
      {entry ? `r${entry.revision}, ${day(entry.at.slice(0, 10), today)}: ${entry.sentence}` : 'time passed.'}
    </p>
  )
}

/** The numbers that a finding was noticed by, and the entries of the ledger that opened and resolved it. */
export function FindingDetail({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(FindingDetailDocument, { variables: { id } })
  const finding = data?.node && data.node.__typename === 'Finding' ? data.node : null
  if (!finding)
    return (
      <div className="why">
        {error ? <Failed what="The finding" problem={error} retry={() => void refetch()} /> : <Bone />}
      </div>
    )
  return (
    <div className="why">
      {finding.on && (
        <p>
          On <NodeLink node={finding.on}>{finding.on.name}</NodeLink>
        </p>
      )}
      <dl>
        {finding.inputs.map((input) => (
          <div key={`${input.name} ${input.value}`} style={{ display: 'contents' }}>
            <dt>{input.source ? <NodeLink node={input.source}>{input.name}</NodeLink> : input.name}</dt>
            <dd>{readable(input.value)}</dd>
          </div>
        ))}
      </dl>
      <By title="Opened by" entry={finding.openedBy} />
      {finding.resolvedAt && <By title="Resolved by" entry={finding.resolvedBy} />}
    </div>
  )
}
