import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { addressOf } from '../../app/NodeLink'
import type { Level, Standing } from '../../gql/documents'
import { Icon } from '../../ui/Icon'
import { Pop } from '../../ui/Pop'
import { ActButton, type Permission, permission } from '../../ui/Why'
import { LEVELS, word } from '../../ui/words'
import { CancelDialog, CreateDialog, EditDialog, MoveDialog } from './NodeDialogs'

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
    <Pop
      label={
        <>
          <Icon name="plus" />
          New
          <Icon name="down" />
        </>
      }
    >
      {(close) =>
        offered.map(({ level, answer }) => (
          <button
            key={level}
            type="button"
            aria-disabled={!answer.allowed || undefined}
            onClick={() => {
              if (!answer.allowed) return
              close()
              onChoose(level)
            }}
          >
            {word(level)}
            {!answer.allowed && <small>{answer.why}</small>}
          </button>
        ))
      }
    </Pop>
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

type Props = { node: Subject; acts: readonly Permission[]; onChanged?: (created?: string) => void; slim?: boolean }

/** What one may do with a node, as far as the server offers it; a disabled button says why. */
export function NodeActs({ node, acts, onChanged, slim }: Props) {
  const navigate = useNavigate()
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const created = (made: { __typename: string; id: string }) =>
    onChanged ? onChanged(made.id) : void navigate(addressOf(made))
  return (
    <div className="acts">
      {!slim && <NewMenu acts={acts} onChoose={(level) => setOpen({ kind: 'create', level })} />}
      <ActButton acts={acts} act="editNode" onClick={() => setOpen({ kind: 'edit' })}>
        Edit
      </ActButton>
      <ActButton acts={acts} act="moveNode" onClick={() => setOpen({ kind: 'move' })}>
        Move
      </ActButton>
      <ActButton acts={acts} act="cancelNode" onClick={() => setOpen({ kind: 'cancel' })}>
        Cancel it
      </ActButton>
      {open?.kind === 'create' && <CreateDialog level={open.level} parent={node} onClose={close} onCreated={created} />}
      {open?.kind === 'edit' && <EditDialog id={node.id} onClose={close} />}
      {open?.kind === 'move' && <MoveDialog node={node} onClose={close} onMoved={() => onChanged?.()} />}
      {open?.kind === 'cancel' && <CancelDialog node={node} onClose={close} />}
    </div>
  )
}
