import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { useOrganization } from '../../app/session'
import { PlanVersionsDocument } from '../../gql/documents'
import { Dialog } from '../../ui/Dialog'
import { SelectField } from '../../ui/fields'
import { CloseButton, Empty, Failed } from '../../ui/parts'
import { ChangeTable } from './ChangeTable'
import { changeGroups } from './rows'

const choices = (numbers: number[]) => numbers.map((one) => ({ value: String(one), label: `Version ${one}` }))

/** Two versions of a plan against each other, row by row. */
export function CompareDialog({ measure, latest, onClose }: { measure: string; latest: number; onClose: () => void }) {
  const { today } = useOrganization()
  const [from, setFrom] = useState(1)
  const [to, setTo] = useState(latest)
  const { data, previousData, error, refetch } = useQuery(PlanVersionsDocument, { variables: { id: measure, from } })
  const node = (data ?? previousData)?.node
  const found = node && 'planVersions' in node ? node.planVersions.find((one) => one.version === to) : null
  const all = Array.from({ length: latest }, (_, index) => index + 1)
  return (
    <Dialog title="Versions of the plan" onClose={onClose} wide>
      <div className="dlg">
        <div className="dlg-h">
          <h2>Versions of the plan</h2>
          <CloseButton onClick={onClose} />
        </div>
        <div className="dlg-b">
          <div className="two keep">
            <SelectField
              label="From"
              name="from"
              value={String(from)}
              onChange={(value) => setFrom(Number(value))}
              choices={choices(all)}
            />
            <SelectField
              label="To"
              name="to"
              value={String(to)}
              onChange={(value) => setTo(Number(value))}
              choices={choices(all)}
            />
          </div>
          {error ? (
            <Failed what="The comparison" problem={error} retry={() => void refetch()} />
          ) : found && found.differences.length > 0 ? (
            <ChangeTable
              label={`Version ${from} against version ${to}`}
              groups={changeGroups(found.differences, today)}
            />
          ) : (
            <Empty>{found ? 'Nothing differs between these versions.' : 'Comparing…'}</Empty>
          )}
        </div>
      </div>
    </Dialog>
  )
}
