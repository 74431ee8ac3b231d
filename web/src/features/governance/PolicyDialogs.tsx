import {
  DeclinePolicyDocument,
  DiscardPolicyDraftDocument,
  ProposePolicyDocument,
  RatifyPolicyDocument,
  WithdrawPolicyDocument,
} from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useSeenRevision } from '../../gql/useSeenRevision'
import { ActDialog } from '../../ui/Dialog'
import { AreaField, required } from '../../ui/fields'
import { plural } from '../../ui/numbers'
import { say } from '../../ui/toast'

import type { Shown } from './usePolicies'

export type PolicyAct = 'propose' | 'withdraw' | 'decline' | 'discard' | 'ratify'
type Props = { policy: Shown; onClose: () => void }

const called = (policy: Shown) => `version ${policy.version} of the policy`

function ProposeDialog({ policy, onClose }: Props) {
  const { act, busy, no } = useAct(ProposePolicyDocument)
  const seen = useSeenRevision(policy.revision, no)
  const send = async () => {
    if (!(await act({ policy: policy.id, expectedRevision: seen }))) return
    say(`Version ${policy.version} is proposed; an executive ratifies or declines it.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Propose ${called(policy)}`}
      submit="Propose it"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
    >
      <p>
        It changes {plural(policy.differences.length, 'rule')}. From now on it does not change any more, until an
        executive, another person than who drafted or proposed it, ratifies or declines it.
      </p>
      {policy.simulation?.sentences[0] && <p className="k">{policy.simulation?.sentences[0]}</p>}
    </ActDialog>
  )
}

function RatifyDialog({ policy, onClose }: Props) {
  const { act, busy, no } = useAct(RatifyPolicyDocument)
  const seen = useSeenRevision(policy.revision, no)
  const send = async () => {
    if (!(await act({ policy: policy.id, expectedRevision: seen }))) return
    say(`Version ${policy.version} is in force.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Ratify ${called(policy)}`}
      submit="Put it in force"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
      wide
    >
      <p>From now on every gate goes by it. What is submitted already keeps the version it was submitted under.</p>
      {policy.differences.length > 0 && (
        <ul className="bullets">
          {policy.differences.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      {policy.simulation?.sentences[0] && <p className="k">{policy.simulation?.sentences[0]}</p>}
    </ActDialog>
  )
}

function DeclineDialog({ policy, onClose }: Props) {
  const { act, busy, no } = useAct(DeclinePolicyDocument)
  const seen = useSeenRevision(policy.revision, no)
  const send = async (fields: FormData) => {
    if (!(await act({ policy: policy.id, comment: required(fields, 'comment'), expectedRevision: seen }))) return
    say(`Version ${policy.version} is declined, and a draft again.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Decline ${called(policy)}`}
      submit="Decline it"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
    >
      <AreaField label="Why" name="comment" required hint="Who drafted it reads this, and the ledger keeps it." />
    </ActDialog>
  )
}

function WithdrawDialog({ policy, onClose }: Props) {
  const { act, busy, no } = useAct(WithdrawPolicyDocument)
  const seen = useSeenRevision(policy.revision, no)
  const send = async () => {
    if (!(await act({ policy: policy.id, expectedRevision: seen }))) return
    say(`Version ${policy.version} is a draft again.`)
    onClose()
  }
  return (
    <ActDialog
      title={`Withdraw ${called(policy)}`}
      submit="Withdraw it"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
    >
      <p>It becomes a draft again, which can be edited and proposed anew.</p>
    </ActDialog>
  )
}

function DiscardDialog({ policy, onClose }: Props) {
  const { act, busy, no } = useAct(DiscardPolicyDraftDocument)
  const seen = useSeenRevision(policy.revision, no)
  const send = async () => {
    if (!(await act({ policy: policy.id, expectedRevision: seen }))) return
    say('The draft is discarded.')
    onClose()
  }
  return (
    <ActDialog
      title={`Discard ${called(policy)}`}
      submit="Discard the draft"
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
    >
      <p>The draft is gone then; the ledger keeps what it said. What is in force stays in force.</p>
    </ActDialog>
  )
}

const DIALOGS = {
  propose: ProposeDialog,
  ratify: RatifyDialog,
  decline: DeclineDialog,
  withdraw: WithdrawDialog,
  discard: DiscardDialog,
} as const

export function PolicyDialog({ act, ...props }: Props & { act: PolicyAct }) {
  const Chosen = DIALOGS[act]
  return <Chosen {...props} />
}
