import { useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { useOrganization, useSession } from '../../app/session'
import { type DelegationRowFragment, DelegationsDocument } from '../../gql/documents'
import { useActivity } from '../../gql/useActivity'
import { day } from '../../ui/dates'
import { Icon } from '../../ui/Icon'
import { Avatar, CardBones, Empty, Failed, Status } from '../../ui/parts'
import { ActButton } from '../../ui/Why'
import type { Tone } from '../../ui/words'
import { DelegateDialog, lendable, seatName } from '../delegations/DelegateDialog'
import { RevokeDialog } from '../delegations/LentVotes'
import { Area } from './Area'

/** Whether it lends the vote now; one that was revoked is over, whatever its days say. */
function standing(one: DelegationRowFragment, today: string): { word: string; tone: Tone } {
  if (one.revokedAt) return { word: 'Revoked', tone: 'none' }
  if (one.inForce) return { word: 'In force', tone: 'ok' }
  return one.from > today ? { word: 'Not begun', tone: 'none' } : { word: 'Over', tone: 'none' }
}

function Loans({
  title,
  loans,
  other,
  none,
  onEnd,
}: {
  title: string
  loans: readonly DelegationRowFragment[]
  other: 'lender' | 'delegate'
  none: string
  onEnd: (loan: DelegationRowFragment) => void
}) {
  const { today } = useOrganization()
  return (
    <section className="card" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      {loans.length === 0 ? (
        <Empty>{none}</Empty>
      ) : (
        <div className="seats loans">
          <ul>
            {loans.map((loan) => {
              const { word, tone } = standing(loan, today)
              return (
                <li key={loan.id}>
                  <span className="seat-who">
                    <Avatar name={loan[other].name} small />
                    <span>
                      <b>{loan[other].name}</b>
                      <small className="k">“{loan.reason}”</small>
                    </span>
                  </span>
                  <span className="seat-what">
                    <span>{seatName(loan.seat)}</span>
                    <span className="k num">
                      {day(loan.from, loan.until)} to {day(loan.until)}
                    </span>
                  </span>
                  <span>
                    <Status tone={tone}>{word}</Status>
                  </span>
                  <span className="acts">
                    {word !== 'Over' && word !== 'Revoked' && (
                      <ActButton
                        acts={loan.acts}
                        act="revokeDelegation"
                        className="btn small"
                        onClick={() => onEnd(loan)}
                      >
                        {other === 'delegate' ? 'Take back' : 'Give back'}
                      </ActButton>
                    )}
                  </span>
                </li>
              )
            })}
          </ul>
        </div>
      )}
    </section>
  )
}

/** The votes one has lent and borrowed: both sides see the same. */
export function DelegationsPage() {
  const { data, error, refetch } = useQuery(DelegationsDocument, { fetchPolicy: 'cache-and-network' })
  const { person } = useSession()
  const [lending, setLending] = useState(false)
  const [ending, setEnding] = useState<DelegationRowFragment | null>(null)
  useActivity(
    null,
    data?.organization?.revision,
    (facts) => facts.some((fact) => fact.kind === 'DELEGATION_CHANGED') && void refetch(),
  )
  const viewer = data?.organization?.viewer
  const own = lendable(viewer?.seats ?? [])
  return (
    <Area
      title="Delegations"
      sub="votes lent for a time: the vote, not the sight"
      acts={
        own.length > 0 && (
          <button type="button" className="btn primary" onClick={() => setLending(true)}>
            <Icon name="plus" />
            Lend your vote
          </button>
        )
      }
    >
      {error && !viewer ? (
        <section className="card">
          <Failed what="Your delegations" problem={error} retry={() => void refetch()} />
        </section>
      ) : !viewer ? (
        <CardBones lines={4} />
      ) : (
        <div className="pol">
          <Loans
            title="Lent by you"
            loans={viewer.delegations.lent}
            other="delegate"
            none={
              own.length > 0 ? 'You have lent no vote.' : 'None of your seats carries a vote, so there is none to lend.'
            }
            onEnd={setEnding}
          />
          <Loans
            title="Lent to you"
            loans={viewer.delegations.borrowed}
            other="lender"
            none="Nobody has lent you a vote."
            onEnd={setEnding}
          />
        </div>
      )}
      {lending && <DelegateDialog seats={own} role={own[0]?.role ?? null} onClose={() => setLending(false)} />}
      {ending && (
        <RevokeDialog
          loan={ending}
          side={ending.lender.id === person.id ? 'lent' : 'borrowed'}
          onClose={() => setEnding(null)}
        />
      )}
    </Area>
  )
}
