import type { FindingCode, Severity } from '../../gql/documents'
import type { Tone } from '../../ui/words'

export const SEVERITIES: Severity[] = ['CRITICAL', 'WARNING', 'INFO']
export const severityTone: Record<Severity, Tone> = { CRITICAL: 'off', WARNING: 'risk', INFO: 'none' }

/** All that the system notices, in the order of the law (§9). */
export const CODES: FindingCode[] = [
  'NO_SALES_PLAN',
  'QUOTA_BELOW_CASE',
  'COVERAGE_SHORT',
  'INCENTIVE_MISALIGNED',
  'MOTION_WITHOUT_PROGRESS',
  'GREEN_BUT_EMPTY',
  'MISALIGNED_ACTIVITY',
  'SPEND_BEFORE_DECISION',
  'SPEND_WITHOUT_CASE',
  'GATE_STALLED',
  'BLOCKED',
  'STALE_INPUT',
  'CLOSED_WITH_SHORTFALL',
  'ORPHAN_RESULTS',
  'HYPOTHESIS_FAILING',
  'STOP_CANDIDATE',
]
