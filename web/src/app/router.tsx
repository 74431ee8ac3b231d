/** The addresses. Everything that decides what is on the screen is in them, so that a copied link shows the same. */
import { createRootRoute, createRoute, createRouter, redirect, retainSearchParams } from '@tanstack/react-router'
import { NodeBoardPage, OrganizationBoardPage } from '../features/board/BoardPage'
import { CascadePage } from '../features/cascade/CascadePage'
import { DecisionsPage } from '../features/decisions/DecisionsPage'
import { FindingsPage } from '../features/findings/FindingsPage'
import { DelegationsPage } from '../features/governance/DelegationsPage'
import { PolicyPage } from '../features/governance/PolicyPage'
import { RightsPage } from '../features/governance/RightsPage'
import { SeatsPage } from '../features/governance/SeatsPage'
import { ImportsPage } from '../features/imports/ImportsPage'
import { LedgerPage } from '../features/ledger/LedgerPage'
import { MatchingPage } from '../features/matching/MatchingPage'
import { MeasurePage } from '../features/measure/MeasurePage'
import { MilestonesPage } from '../features/milestones/MilestonesPage'
import { ReviewPage } from '../features/review/ReviewPage'
import { SalesPlanPage } from '../features/sales/SalesPlanPage'
import { SalesPlansPage } from '../features/sales/SalesPlansPage'
import { Frame } from './Frame'
import { asOfText } from './moment'
import { NotFound } from './NotFound'

type Search = Record<string, unknown>
const text = (value: unknown): string | undefined => (value === undefined || value === '' ? undefined : String(value))
const day = (value: unknown): string | undefined =>
  /^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? String(value) : undefined
const month = (value: unknown): string | undefined =>
  /^\d{4}-(0[1-9]|1[0-2])$/.test(String(value)) ? String(value) : undefined

export type PeriodSearch = { from?: string; to?: string; asOf?: string }
export type CascadeSearch = {
  open?: string
  sel?: string
  q?: string
  standing?: string
  stage?: string
  level?: string
  mine?: string
  work?: string
  value?: string
}

const root = createRootRoute({
  component: Frame,
  notFoundComponent: NotFound,
  validateSearch: (search: Search): PeriodSearch => ({
    from: month(search.from),
    to: month(search.to),
    asOf: asOfText(search.asOf),
  }),
  search: { middlewares: [retainSearchParams(['from', 'to', 'asOf'])] },
})

const board = createRoute({ getParentRoute: () => root, path: '/', component: OrganizationBoardPage })
const nodeBoard = createRoute({ getParentRoute: () => root, path: '/board/$id', component: NodeBoardPage })
const cascade = createRoute({
  getParentRoute: () => root,
  path: '/cascade',
  component: CascadePage,
  validateSearch: (search: Search): CascadeSearch => ({
    open: text(search.open),
    sel: text(search.sel),
    q: text(search.q),
    standing: text(search.standing),
    stage: text(search.stage),
    level: text(search.level),
    mine: text(search.mine),
    work: text(search.work),
    value: text(search.value),
  }),
})
const measure = createRoute({
  getParentRoute: () => root,
  path: '/measure/$id',
  component: MeasurePage,
  validateSearch: (search: Search): { line?: string } => ({ line: text(search.line) }),
})
const plans = createRoute({ getParentRoute: () => root, path: '/plans', component: SalesPlansPage })
const plan = createRoute({
  getParentRoute: () => root,
  path: '/plan/$id',
  component: SalesPlanPage,
  validateSearch: (search: Search): { by?: string; show?: string } => ({
    by: text(search.by),
    show: text(search.show),
  }),
})
const milestones = createRoute({
  getParentRoute: () => root,
  path: '/milestones',
  component: MilestonesPage,
  validateSearch: (search: Search): { whose?: string; of?: string } => ({
    whose: text(search.whose),
    of: text(search.of),
  }),
})
const decisions = createRoute({
  getParentRoute: () => root,
  path: '/decisions',
  component: DecisionsPage,
  validateSearch: (search: Search): { sel?: string } => ({ sel: text(search.sel) }),
})
const ledger = createRoute({
  getParentRoute: () => root,
  path: '/ledger',
  component: LedgerPage,
  validateSearch: (search: Search): { under?: string; since?: string; until?: string; figure?: string } => ({
    under: text(search.under),
    since: day(search.since),
    until: day(search.until),
    figure: text(search.figure),
  }),
})
const imports = createRoute({ getParentRoute: () => root, path: '/imports', component: ImportsPage })
const matching = createRoute({ getParentRoute: () => root, path: '/plans/matching', component: MatchingPage })
const review = createRoute({ getParentRoute: () => root, path: '/review', component: ReviewPage })
const findings = createRoute({
  getParentRoute: () => root,
  path: '/findings',
  component: FindingsPage,
  validateSearch: (search: Search): { under?: string; codes?: string; severity?: string; all?: string } => ({
    under: text(search.under),
    codes: text(search.codes),
    severity: text(search.severity),
    all: text(search.all),
  }),
})
const governance = createRoute({
  getParentRoute: () => root,
  path: '/governance',
  beforeLoad: () => {
    throw redirect({ to: '/governance/policy' })
  },
})
const policy = createRoute({
  getParentRoute: () => root,
  path: '/governance/policy',
  component: PolicyPage,
  validateSearch: (search: Search): { v?: string; view?: string } => ({ v: text(search.v), view: text(search.view) }),
})
const seats = createRoute({
  getParentRoute: () => root,
  path: '/governance/seats',
  component: SeatsPage,
  validateSearch: (search: Search): { by?: string; q?: string; show?: string } => ({
    by: text(search.by),
    q: text(search.q),
    show: text(search.show),
  }),
})
const delegations = createRoute({
  getParentRoute: () => root,
  path: '/governance/delegations',
  component: DelegationsPage,
})
const rights = createRoute({
  getParentRoute: () => root,
  path: '/governance/rights',
  component: RightsPage,
  validateSearch: (search: Search): { at?: string; role?: string; q?: string } => ({
    at: text(search.at),
    role: text(search.role),
    q: text(search.q),
  }),
})

export const router = createRouter({
  routeTree: root.addChildren([
    board,
    nodeBoard,
    cascade,
    measure,
    plans,
    plan,
    milestones,
    decisions,
    imports,
    matching,
    review,
    findings,
    ledger,
    governance,
    policy,
    seats,
    delegations,
    rights,
  ]),
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
