import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useOrganization } from '../../app/session'
import type { PolicyStandFragment } from '../../gql/documents'
import { day, dayOf } from '../../ui/dates'
import { Glyph } from '../../ui/Glyph'
import { Icon } from '../../ui/Icon'
import { plural } from '../../ui/numbers'
import { CardBones, Empty, Failed, Status } from '../../ui/parts'
import { ActButton, ActMenu, type Permission, permission } from '../../ui/Why'
import { Area } from './Area'
import { BeginDraftDialog } from './BeginDraft'
import { GateEditDialog } from './GateEditDialog'
import { PolicyChanges } from './PolicyChanges'
import { type PolicyAct, PolicyDialog } from './PolicyDialogs'
import { PolicyFile } from './PolicyFile'
import { PolicyTables } from './PolicyTables'
import { type GateRule, POLICY_STATES } from './policy'
import { RulesEditDialog } from './RulesEditDialog'
import { type Shown, usePolicies } from './usePolicies'

/** "drafted by Emeka Obi on 3 Nov 2026, proposed by …" */
function Story({ policy }: { policy: PolicyStandFragment }) {
  const { timeZone } = useOrganization()
  const steps = [
    ['drafted', policy.draftedBy, policy.draftedAt],
    ['proposed', policy.proposedBy, policy.proposedAt],
    ['ratified', policy.ratifiedBy, policy.ratifiedAt],
  ] as const
  return (
    <p className="k story">
      {steps
        .flatMap(([did, by, at]) => (at ? [`${did}${by ? ` by ${by.name}` : ''} on ${day(dayOf(at, timeZone))}`] : []))
        .join(', ')}
    </p>
  )
}

function Versions({ versions, shown }: { versions: readonly PolicyStandFragment[]; shown: PolicyStandFragment }) {
  return (
    <nav className="versions" aria-label="Versions">
      {versions.map((one) => (
        <Link
          key={one.id}
          to="/governance/policy"
          search={(before) => ({ ...before, v: one.state === 'IN_FORCE' ? undefined : String(one.version) })}
          className={one.id === shown.id ? 'chip on' : 'chip'}
          aria-current={one.id === shown.id ? 'true' : undefined}
          activeProps={{}}
        >
          Version {one.version}
          <span className="k">{POLICY_STATES[one.state].word.toLowerCase()}</span>
        </Link>
      ))}
    </nav>
  )
}

function Acts({
  policy,
  acts,
  onOpen,
}: {
  policy: Shown
  acts: readonly Permission[]
  onOpen: (act: PolicyAct | 'begin') => void
}) {
  if (policy.state === 'DRAFT')
    return (
      <>
        <ActMenu
          acts={[...acts, ...policy.acts]}
          label="More"
          items={[
            { act: 'editPolicyDraft', label: 'Begin anew with another policy', onChoose: () => onOpen('begin') },
            { act: 'discardPolicyDraft', label: 'Discard the draft', onChoose: () => onOpen('discard') },
          ]}
        />
        <ActButton acts={policy.acts} act="proposePolicy" className="btn primary" onClick={() => onOpen('propose')}>
          Propose
        </ActButton>
      </>
    )
  if (policy.state !== 'PROPOSED') return null
  return (
    <>
      <ActButton acts={policy.acts} act="withdrawPolicy" onClick={() => onOpen('withdraw')}>
        Withdraw
      </ActButton>
      <ActButton acts={policy.acts} act="declinePolicy" onClick={() => onOpen('decline')}>
        Decline
      </ActButton>
      <ActButton acts={policy.acts} act="ratifyPolicy" className="btn primary" onClick={() => onOpen('ratify')}>
        Ratify
      </ActButton>
    </>
  )
}

/** The tables; those of a draft are changed in place, part by part, by who may. */
function Tables({ policy, acts }: { policy: Shown; acts: readonly Permission[] }) {
  const [gate, setGate] = useState<GateRule | null>(null)
  const [rules, setRules] = useState(false)
  const writable = policy.state === 'DRAFT' && permission(acts, 'editPolicyDraft')?.allowed === true
  return (
    <>
      <PolicyTables
        policy={policy}
        onEditGate={writable ? setGate : undefined}
        onEditRules={writable ? () => setRules(true) : undefined}
      />
      {gate && <GateEditDialog policy={policy} gate={gate} onClose={() => setGate(null)} />}
      {rules && <RulesEditDialog policy={policy} onClose={() => setRules(false)} />}
    </>
  )
}

type BodyProps = { policy: Shown; file: boolean; acts: readonly Permission[] }

function Body({ policy, file, acts }: BodyProps) {
  const faults = policy.faults?.length ?? 0
  return (
    <div className="pol">
      {faults > 0 && !file && (
        <p className="refusal faulty" role="status">
          <Glyph name="off" /> {plural(faults, 'fault')} must be mended before it can be proposed.{' '}
          <Link className="lk" to="/governance/policy" search={(before) => ({ ...before, view: 'file' })}>
            Show them in the file
          </Link>
        </p>
      )}
      {!file && !policy.locked && <PolicyChanges policy={policy} />}
      {file ? <PolicyFile key={policy.id} policy={policy} acts={acts} /> : <Tables policy={policy} acts={acts} />}
      {!file && policy.locked && <PolicyChanges policy={policy} />}
    </div>
  )
}

/** What every gate asks and who decides it: in force, drafted, proposed, and as it was before. */
export function PolicyPage() {
  const { v, view } = useSearch({ from: '/governance/policy' })
  const navigate = useNavigate()
  const { versions, shown, policy, acts, loading, error, again } = usePolicies(v)
  const [open, setOpen] = useState<PolicyAct | 'begin' | null>(null)
  const file = view === 'file'
  const look = (next: string | undefined) =>
    void navigate({ to: '/governance/policy', search: (before) => ({ ...before, view: next }), replace: true })
  const draft = versions.find((one) => one.state === 'DRAFT' || one.state === 'PROPOSED')
  const goTo = (version: number) =>
    void navigate({ to: '/governance/policy', search: (before) => ({ ...before, v: String(version) }) })
  return (
    <Area
      title="Policy"
      sub="what each gate asks, who decides, and what is measured"
      acts={
        <>
          <div className="seg" role="group" aria-label="How to show it">
            <button type="button" aria-pressed={!file} onClick={() => look(undefined)}>
              Tables
            </button>
            <button type="button" aria-pressed={file} onClick={() => look('file')}>
              File
            </button>
          </div>
          {!loading && !draft && (
            <ActButton acts={acts} act="editPolicyDraft" className="btn primary" onClick={() => setOpen('begin')}>
              <Icon name="plus" />
              Draft a policy
            </ActButton>
          )}
          {policy && <Acts policy={policy} acts={acts} onOpen={setOpen} />}
        </>
      }
    >
      {shown && (
        <div className="pol-head">
          <Status tone={POLICY_STATES[shown.state].tone}>{POLICY_STATES[shown.state].word}</Status>
          <b>{shown.name}</b>
          <span>version {shown.version}</span>
          <Story policy={shown} />
          <span className="grow" />
          {versions.length > 1 && <Versions versions={versions} shown={shown} />}
        </div>
      )}
      {error && !policy ? (
        <section className="card">
          <Failed what="The policy" problem={error} retry={again} />
        </section>
      ) : policy ? (
        <Body policy={policy} file={file} acts={acts} />
      ) : loading || shown ? (
        <CardBones lines={12} />
      ) : (
        <section className="card">
          <Empty>There is no policy yet. No gate opens before one is in force.</Empty>
        </section>
      )}
      {open === 'begin' && (
        <BeginDraftDialog
          versions={versions}
          replaced={policy?.state === 'DRAFT' ? policy : undefined}
          onClose={() => setOpen(null)}
          onBegun={goTo}
        />
      )}
      {open && open !== 'begin' && policy && <PolicyDialog act={open} policy={policy} onClose={() => setOpen(null)} />}
    </Area>
  )
}
