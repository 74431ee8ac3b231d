import { useState } from 'react'
import { AssignResultsDocument, type OrphanFragment } from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { ActDialog } from '../../ui/Dialog'
import { text } from '../../ui/fields'
import { exact, NONE, plural } from '../../ui/numbers'
import { Empty, Scroll } from '../../ui/parts'
import { say } from '../../ui/toast'
import { ActButton, type Permission } from '../../ui/Why'
import { word } from '../../ui/words'
import { PlanSelect } from './RuleDialog'

function AssignDialog({ chosen, onClose }: { chosen: string[]; onClose: (done: boolean) => void }) {
  const { act, busy, no } = useAct(AssignResultsDocument)
  const send = async (fields: FormData) => {
    const done = await act({ opportunities: chosen, plan: text(fields, 'plan') })
    if (!done) return
    say(`${plural(done.changed, 'deal')} assigned.`)
    onClose(true)
  }
  return (
    <ActDialog
      title={`Assign ${plural(chosen.length, 'deal')}`}
      submit="Assign"
      onClose={() => onClose(false)}
      onSubmit={send}
      busy={busy}
      no={no}
      note="What is assigned by hand stays, whatever the rules say."
    >
      <PlanSelect label="They count for" />
    </ActDialog>
  )
}

type Props = { orphans: OrphanFragment[]; total: number; acts: readonly Permission[] }

/** Deals that no plan claims, each with the rule that nearly matched; several are assigned at once. */
export function OrphansCard({ orphans, total, acts }: Props) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [assigning, setAssigning] = useState(false)
  const toggle = (id: string) =>
    setChosen((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })
  const here = orphans.filter((deal) => chosen.has(deal.id)).map((deal) => deal.id)
  return (
    <section className="card" aria-label="Deals without a plan">
      <header>
        <h2>Deals without a plan</h2>
        <span className="grow" />
        {here.length > 0 ? (
          <ActButton acts={acts} act="assignResults" className="btn primary small" onClick={() => setAssigning(true)}>
            Assign {plural(here.length, 'deal')}
          </ActButton>
        ) : (
          <span className="unit">{plural(total, 'deal')}</span>
        )}
      </header>
      {orphans.length === 0 ? (
        <Empty>Every deal counts for a plan.</Empty>
      ) : (
        <Scroll label="Table of deals without a plan">
          <table className="tb">
            <thead>
              <tr>
                <th scope="col">
                  <span className="sr">Choose</span>
                </th>
                <th scope="col" className="l">
                  Deal
                </th>
                <th scope="col" className="l">
                  Product, territory, seller
                </th>
                <th scope="col" className="n">
                  Amount
                </th>
                <th scope="col" className="l">
                  State
                </th>
                <th scope="col" className="l">
                  Which rule nearly matched
                </th>
              </tr>
            </thead>
            <tbody>
              {orphans.map((deal) => (
                <tr key={deal.id}>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Choose ${deal.externalId}`}
                      checked={chosen.has(deal.id)}
                      onChange={() => toggle(deal.id)}
                    />
                  </td>
                  <th scope="row">
                    {deal.account ?? NONE} <small className="k">{deal.externalId}</small>
                  </th>
                  <td className="l">
                    {[deal.product, deal.territory, deal.seller].filter(Boolean).join(', ') || NONE}
                  </td>
                  <td className="n">{exact(deal.amount)}</td>
                  <td className="l">{word(deal.state)}</td>
                  <td className="l k wrap">{deal.nearest?.sentence ?? 'none has anything in common with it'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {total > orphans.length && (
        <footer>
          <span className="note">
            The first {orphans.length} of {total.toLocaleString('en-GB')} are shown.
          </span>
        </footer>
      )}
      {assigning && (
        <AssignDialog
          chosen={here}
          onClose={(done) => {
            setAssigning(false)
            if (done) setChosen(new Set())
          }}
        />
      )}
    </section>
  )
}
