import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { MilestoneState, Stage, Standing } from '../gql/documents'
import { day } from './dates'
import { Glyph } from './Glyph'
import { Icon } from './Icon'
import { compact, exact, MINUS, type Money, NONE, type Scale, signed } from './numbers'
import { initials, milestoneTone, stageNumber, standingTone, type Tone, word } from './words'

/** Shows its content as changed, once, when `of` is not what it was. */
export function Pulse({ of, children, className = '' }: { of: string; children: ReactNode; className?: string }) {
  const seen = useRef(of)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (seen.current === of) return
    seen.current = of
    setTurn((before) => before + 1)
  }, [of])
  return (
    <span key={turn} className={`${className} ${turn > 0 ? 'pulse' : ''}`.trim()}>
      {children}
    </span>
  )
}

type AmountProps = {
  money: Money | null | undefined
  scale: Scale
  decimals?: number
  variance?: boolean
  pulse?: boolean
}

/** An amount in its card's scale, exact on hover; a variance is signed and blue or orange. */
export function Amount({ money, scale, decimals, variance, pulse = true }: AmountProps) {
  const text = variance ? signed(money?.amount, scale, decimals) : compact(money?.amount, scale, decimals)
  const tone =
    !variance || text === NONE
      ? undefined
      : text.startsWith(MINUS)
        ? 'worse'
        : text.startsWith('+')
          ? 'better'
          : undefined
  const shown = (
    <span className={tone ?? (text === NONE ? 'dim' : undefined)} title={exact(money)}>
      {text}
    </span>
  )
  return pulse ? <Pulse of={text}>{shown}</Pulse> : shown
}

export const Avatar = ({ name, small }: { name: string; small?: boolean }) => (
  <span className={small ? 'av s' : 'av'} aria-hidden="true">
    {initials(name)}
  </span>
)

export const Status = ({ tone, children }: { tone: Tone; children: ReactNode }) => (
  <span className={`pill ${tone}`}>
    <Glyph name={tone} />
    {children}
  </span>
)

/** How far a measure has come: five pips, its number and its word. */
export const StageGlyph = ({ stage }: { stage: Stage }) => (
  <span className="stg">
    <span className="pips" aria-hidden="true">
      {[1, 2, 3, 4, 5].map((step) => (
        <b key={step} className={step <= stageNumber(stage) ? 'f' : undefined} />
      ))}
    </span>
    {stageNumber(stage)} {word(stage)}
  </span>
)

export const StandingPill = ({ standing }: { standing: Standing }) => (
  <Status tone={standingTone[standing]}>{word(standing)}</Status>
)

/** "Achieved 20 Feb": the computed state of a milestone with the date that matters to it. */
export function MilestoneStatus({
  state,
  due,
  achievedOn,
  today,
}: {
  state: MilestoneState
  due: string
  achievedOn?: string | null
  today: string
}) {
  const tone = milestoneTone[state]
  const when =
    state === 'ACHIEVED' && achievedOn
      ? day(achievedOn, today)
      : state === 'PLANNED' || state === 'DUE' || state === 'LATE'
        ? day(due, today)
        : ''
  return (
    <span className={`lw ${tone}`}>
      <Glyph name={state === 'ACHIEVED' ? 'done' : tone} />
      {state === 'PLANNED' ? 'Planned' : state === 'LATE' ? 'Late, was due' : word(state)} {when}
    </span>
  )
}

export const Bone = ({ width = '100%', height = 16 }: { width?: string; height?: number }) => (
  <span className="bone" style={{ width, height }} aria-hidden="true" />
)

/** A card in its final shape while its numbers are on their way. */
export function CardBones({ lines = 6, height = 20, title }: { lines?: number; height?: number; title?: string }) {
  return (
    <section className="card" aria-busy="true" aria-label={title ?? 'Loading'}>
      <header>{title ? <h2>{title}</h2> : <Bone width="40%" height={20} />}</header>
      <div className="pad" style={{ display: 'grid', gap: 12 }}>
        {Array.from({ length: lines }, (_, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bones have no identity
          <Bone key={line} width={`${96 - ((line * 17) % 40)}%`} height={height} />
        ))}
      </div>
    </section>
  )
}

/** What failed, in a sentence, with a way to try again. */
export function Failed({ what, problem, retry }: { what: string; problem?: Error | null; retry?: () => void }) {
  return (
    <div className="failed" role="alert">
      <p>
        <b>{what} could not be loaded.</b>{' '}
        {problem?.message && !/fetch/i.test(problem.message)
          ? problem.message
          : 'The server did not answer. It may be restarting, or you may be offline.'}
      </p>
      {retry && (
        <button type="button" className="btn" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  )
}

export const Empty = ({ children, action }: { children: ReactNode; action?: ReactNode }) => (
  <div className="empty">
    <p>{children}</p>
    {action}
  </div>
)

export function Refused({
  no,
  retry,
}: {
  no: { message: string; details: readonly string[] } | null
  retry?: ReactNode
}) {
  if (!no) return null
  // A single fault is its own detail; it is not said twice.
  const details = no.details.filter((detail) => detail !== no.message)
  return (
    <div className="refusal" role="alert">
      <p>{no.message}</p>
      {details.length > 0 && (
        <ul>
          {details.map((detail) => (
            <li key={detail}>{detail}</li>
          ))}
        </ul>
      )}
      {retry}
    </div>
  )
}

export const CloseButton = ({ onClick, label = 'Close' }: { onClick: () => void; label?: string }) => (
  <button type="button" className="btn quiet icon" aria-label={label} onClick={onClick}>
    <Icon name="close" />
  </button>
)

/** Something wide that scrolls on its own, by keyboard too, instead of the whole page. */
export const Scroll = ({
  label,
  children,
  className = '',
}: {
  label: string
  children: ReactNode
  className?: string
}) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
  <div className={`scroll ${className}`.trim()} role="region" aria-label={label} tabIndex={0}>
    {children}
  </div>
)
