import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { addressOf } from '../../app/NodeLink'
import type { Level, Standing } from '../../gql/documents'
import { Icon } from '../../ui/Icon'
import { ActButton, ActMenu, type Permission, permission } from '../../ui/Why'
import { LEVELS, word } from '../../ui/words'
import { CancelDialog } from './CancelDialog'
import { CreateDialog } from './CreateDialog'
import { EditDialog } from './EditDialog'
import { MoveDialog } from './MoveDialog'

export type Subject = {
  __typename: string
  id: string
  name: string
  level: Level
  revision: string
  standing?: Standing
}
type Open = { kind: 'create'; level: Level } | { kind: 'edit' | 'move' | 'cancel' } | null

export const CREATE_ACTS: Record<Level, string> = {
  OBJECTIVE: 'createObjective',
  PORTFOLIO: 'createPortfolio',
  PROGRAM: 'createProgram',
  INITIATIVE: 'createInitiative',
  SALES_PLAN: 'createSalesPlan',
}

/** The levels that may be created here, the ones that may not with the reason. */
function NewMenu({ acts, onChoose }: { acts: readonly Permission[]; onChoose: (level: Level) => void }) {
  const offered = LEVELS.flatMap((level) => {
    const answer = permission(acts, CREATE_ACTS[level])
    return answer ? [{ level, answer }] : []
  })
  const [only] = offered
  if (!only) return null
  if (offered.length === 1)
    return (
      <ActButton acts={acts} act={CREATE_ACTS[only.level]} onClick={() => onChoose(only.level)}>
        <Icon name="plus" />
        New {word(only.level).toLowerCase()}
      </ActButton>
    )
  return (
    <ActMenu
      acts={acts}
      label={
        <>
          <Icon name="plus" />
          New
          <Icon name="down" />
        </>
      }
      items={offered.map(({ level }) => ({
        act: CREATE_ACTS[level],
        label: word(level),
        onChoose: () => onChoose(level),
      }))}
    />
  )
}

/** What one may do with the whole organization: write the first objective. */
export function OrganizationActs({
  acts,
  onChanged,
}: {
  acts: readonly Permission[]
  onChanged?: (created?: string) => void
}) {
  const [open, setOpen] = useState<Level | null>(null)
  return (
    <div className="acts">
      <NewMenu acts={acts} onChoose={setOpen} />
      {open && (
        <CreateDialog
          level={open}
          parent={null}
          onClose={() => setOpen(null)}
          onCreated={(node) => onChanged?.(node.id)}
        />
      )}
    </div>
  )
}

type More = { act: string; label: string; onChoose: () => void }
type Props = {
  node: Subject
  acts: readonly Permission[]
  onChanged?: (created?: string) => void
  /** Buttons of the caller's own, between Edit and the dots. */
  children?: ReactNode
  /** Acts of the caller's own behind the dots. */
  more?: More[]
}

/** What one may do with a node, as far as the server offers it; what is closed says why. */
export function NodeActs({ node, acts, onChanged, children, more = [] }: Props) {
  const navigate = useNavigate()
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const created = (made: { __typename: string; id: string }) =>
    onChanged ? onChanged(made.id) : void navigate(addressOf(made))
  return (
    <div className="acts">
      <NewMenu acts={acts} onChoose={(level) => setOpen({ kind: 'create', level })} />
      <ActButton acts={acts} act="editNode" onClick={() => setOpen({ kind: 'edit' })}>
        Edit
      </ActButton>
      {children}
      <ActMenu
        acts={acts}
        className="btn icon"
        name="More"
        label={<Icon name="more" />}
        items={[
          { act: 'moveNode', label: 'Move…', onChoose: () => setOpen({ kind: 'move' }) },
          ...more,
          { act: 'cancelNode', label: 'Cancel…', onChoose: () => setOpen({ kind: 'cancel' }) },
        ]}
      />
      {open?.kind === 'create' && <CreateDialog level={open.level} parent={node} onClose={close} onCreated={created} />}
      {open?.kind === 'edit' && <EditDialog id={node.id} onClose={close} />}
      {open?.kind === 'move' && <MoveDialog node={node} onClose={close} onMoved={() => onChanged?.()} />}
      {open?.kind === 'cancel' && <CancelDialog node={node} onClose={close} />}
    </div>
  )
}
