import { useQuery } from '@apollo/client/react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { NodeLink } from '../../app/NodeLink'
import { Page } from '../../app/Page'
import {
  ApplyMatchingRulesDocument,
  MatchingDocument,
  type MatchingQuery,
  MoveMatchingRuleDocument,
  RemoveMatchingRuleDocument,
  type RuleFragment,
} from '../../gql/documents'
import { useAct } from '../../gql/useAct'
import { useActivity } from '../../gql/useActivity'
import { ActDialog } from '../../ui/Dialog'
import { Glyph } from '../../ui/Glyph'
import { Icon } from '../../ui/Icon'
import { plural } from '../../ui/numbers'
import { CardBones, Empty, Failed, Refused, Scroll, Status } from '../../ui/parts'
import { say } from '../../ui/toast'
import { ActButton } from '../../ui/Why'
import { OrphansCard } from './OrphansCard'
import { RuleDialog } from './RuleDialog'
import { TesterCard } from './TesterCard'

type Loaded = NonNullable<MatchingQuery['organization']>

function ApplyDialog({ onClose }: { onClose: () => void }) {
  const { act, busy, no } = useAct(ApplyMatchingRulesDocument)
  const [counted, setCounted] = useState<string | null>(null)
  const send = async () => {
    const done = await act({ scope: 'ORPHANS', dryRun: counted === null })
    if (!done) return
    const told = `${plural(done.assigned, 'deal')} of ${done.looked.toLocaleString('en-GB')} without a plan`
    if (counted === null) return setCounted(`${told} would find one.`)
    say(`${told} found one.`)
    onClose()
  }
  return (
    <ActDialog
      title="Apply the rules"
      submit={counted === null ? 'Count first' : 'Apply them'}
      onClose={onClose}
      onSubmit={send}
      busy={busy}
      no={no}
    >
      <p>Every deal without a plan is held against the rules again. What was assigned by hand stays where it is.</p>
      {counted && <p role="status">{counted}</p>}
    </ActDialog>
  )
}

function RuleRow({ rule, last }: { rule: RuleFragment; last: boolean }) {
  const moving = useAct(MoveMatchingRuleDocument)
  const removing = useAct(RemoveMatchingRuleDocument)
  const move = (by: number) =>
    moving.act({ rule: rule.id, position: rule.position + by, expectedRevision: rule.revision })
  const no = moving.no ?? removing.no
  return (
    <tr>
      <th scope="row" className="l">
        {rule.position}
      </th>
      <td className="l wrap">
        {rule.sentence}
        {rule.passedOver && (
          <p>
            <Status tone="none">Passed over</Status> <small className="k">{rule.passedOver}</small>
          </p>
        )}
        {rule.shadowedBy && (
          <p>
            <Status tone="risk">Never reached</Status>{' '}
            <small className="k">rule {rule.shadowedBy.position} takes everything that this one could</small>
          </p>
        )}
        <Refused no={no} />
      </td>
      <td className="l">{rule.plan && <NodeLink node={rule.plan}>{rule.plan.name}</NodeLink>}</td>
      <td className="n">{rule.opportunityCount.toLocaleString('en-GB')}</td>
      <td>
        <span className="acts">
          {rule.position > 1 && (
            <ActButton
              acts={rule.acts}
              act="moveMatchingRule"
              className="btn quiet icon"
              aria-label={`Ask rule ${rule.position} earlier`}
              onClick={() => void move(-1)}
            >
              <Glyph name="up" />
            </ActButton>
          )}
          {!last && (
            <ActButton
              acts={rule.acts}
              act="moveMatchingRule"
              className="btn quiet icon"
              aria-label={`Ask rule ${rule.position} later`}
              onClick={() => void move(1)}
            >
              <Glyph name="down" />
            </ActButton>
          )}
          <ActButton
            acts={rule.acts}
            act="removeMatchingRule"
            className="btn quiet icon"
            aria-label={`Remove rule ${rule.position}`}
            onClick={() => void removing.act({ rule: rule.id, expectedRevision: rule.revision })}
          >
            <Icon name="close" />
          </ActButton>
        </span>
      </td>
    </tr>
  )
}

function RulesCard({ organization }: { organization: Loaded }) {
  const rules = organization.matchingRules
  if (rules.length === 0)
    return (
      <section className="card">
        <Empty>No rule matches deals to plans yet. A deal that names no plan is kept as an orphan.</Empty>
      </section>
    )
  return (
    <section className="card" aria-label="Rules">
      <header>
        <h2>{plural(rules.length, 'rule')}, asked in this order</h2>
      </header>
      <Scroll label="Table of rules">
        <table className="tb">
          <thead>
            <tr>
              <th scope="col" className="l">
                No.
              </th>
              <th scope="col" className="l">
                A deal with
              </th>
              <th scope="col" className="l">
                counts for
              </th>
              <th scope="col" className="n">
                Deals
              </th>
              <th scope="col">
                <span className="sr">Acts</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule, index) => (
              <RuleRow key={rule.id} rule={rule} last={index === rules.length - 1} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}

/** Which deals count for which plan, by rules that anybody can try; and the deals that none of them takes. */
export function MatchingPage() {
  const { data, error, refetch } = useQuery(MatchingDocument, { fetchPolicy: 'cache-and-network' })
  const [open, setOpen] = useState<'add' | 'apply' | null>(null)
  const organization = data?.organization
  useActivity(
    null,
    organization?.revision,
    (facts) =>
      facts.some((fact) => fact.kind === 'RULES_CHANGED' || fact.kind === 'RESULTS_RECORDED') && void refetch(),
  )
  return (
    <Page title="Matching">
      <div className="ph">
        <div>
          <h1>Matching</h1>
          <p className="sub">
            which deals count for which <Link to="/plans">sales plan</Link>, and why
          </p>
        </div>
        <span className="grow" />
        {organization && (
          <div className="acts">
            <ActButton acts={organization.acts} act="applyMatchingRules" onClick={() => setOpen('apply')}>
              Apply the rules
            </ActButton>
            <button type="button" className="btn primary" onClick={() => setOpen('add')}>
              <Icon name="plus" />
              Add a rule
            </button>
          </div>
        )}
      </div>
      {organization ? (
        <div className="cards">
          <RulesCard organization={organization} />
          <TesterCard />
          <OrphansCard
            orphans={organization.opportunities.edges.map((edge) => edge.node)}
            total={organization.opportunities.totalCount}
            acts={organization.acts}
          />
        </div>
      ) : error ? (
        <section className="card">
          <Failed what="The rules" problem={error} retry={() => void refetch()} />
        </section>
      ) : (
        <CardBones lines={8} />
      )}
      {open === 'add' && <RuleDialog onClose={() => setOpen(null)} />}
      {open === 'apply' && <ApplyDialog onClose={() => setOpen(null)} />}
    </Page>
  )
}
