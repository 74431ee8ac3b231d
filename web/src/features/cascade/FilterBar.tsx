import { useEffect, useState } from 'react'
import type { CascadeSearch } from '../../app/router'
import { Icon } from '../../ui/Icon'
import { Pop } from '../../ui/Pop'
import { LEVELS, STAGES, stageNumber, word } from '../../ui/words'
import { LIGHTS, lightWord } from '../lights/light'

type Change = (next: Partial<CascadeSearch>) => void
const STANDINGS = ['ACTIVE', 'ON_HOLD', 'CANCELLED'] as const

/** A chip that opens a list of things to keep; what is chosen stands on the chip. */
function ChoiceChip({
  name,
  chosen,
  options,
  onChange,
}: {
  name: string
  chosen: string | undefined
  options: { value: string; label: string }[]
  onChange: (value: string | undefined) => void
}) {
  const values = chosen?.split(',').filter(Boolean) ?? []
  const words = options.filter((option) => values.includes(option.value)).map((option) => option.label.toLowerCase())
  const toggle = (value: string) => {
    const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value]
    onChange(next.join(',') || undefined)
  }
  return (
    <Pop
      className={values.length > 0 ? 'chip on' : 'chip'}
      popClass="left"
      label={
        <>
          <span className="k">{name}</span>
          {words.length > 0 ? words.join(', ') : 'any'}
          <Icon name="down" />
        </>
      }
    >
      {() => (
        <fieldset>
          <legend className="sr">{name}</legend>
          {options.map((option) => (
            <label key={option.value} className="opt-row">
              <input type="checkbox" checked={values.includes(option.value)} onChange={() => toggle(option.value)} />
              {option.label}
            </label>
          ))}
        </fieldset>
      )}
    </Pop>
  )
}

/** Typing waits a moment before it searches; what is typed stays in the address. */
function SearchBox({ value, onChange }: { value: string; onChange: (value: string | undefined) => void }) {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  useEffect(() => {
    if (typed === value) return
    const timer = setTimeout(() => onChange(typed || undefined), 250)
    return () => clearTimeout(timer)
  }, [typed, value, onChange])
  return (
    <span className="inp">
      <Icon name="search" />
      <input
        type="search"
        aria-label="Search the cascade"
        placeholder="Search name, id, owner  ( / )"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </span>
  )
}

export function FilterBar({ search, change }: { search: CascadeSearch; change: Change }) {
  const [onSearch] = useState(() => (q: string | undefined) => change({ q }))
  return (
    <div className="fbar" role="search">
      <SearchBox value={search.q ?? ''} onChange={onSearch} />
      <ChoiceChip
        name="Standing"
        chosen={search.standing}
        onChange={(standing) => change({ standing })}
        options={STANDINGS.map((value) => ({ value, label: word(value) }))}
      />
      <ChoiceChip
        name="Stage"
        chosen={search.stage}
        onChange={(stage) => change({ stage })}
        options={STAGES.map((value) => ({ value, label: `${stageNumber(value)} ${word(value)}` }))}
      />
      <ChoiceChip
        name="Level"
        chosen={search.level}
        onChange={(level) => change({ level })}
        options={LEVELS.map((value) => ({ value, label: word(value) }))}
      />
      <ChoiceChip
        name="Work"
        chosen={search.work}
        onChange={(work) => change({ work })}
        options={LIGHTS.map((value) => ({ value, label: lightWord[value] }))}
      />
      <ChoiceChip
        name="Value"
        chosen={search.value}
        onChange={(value) => change({ value })}
        options={LIGHTS.map((value) => ({ value, label: lightWord[value] }))}
      />
      <button
        type="button"
        className={search.mine ? 'chip on' : 'chip'}
        aria-pressed={Boolean(search.mine)}
        onClick={() => change({ mine: search.mine ? undefined : 'yes' })}
      >
        Owned by me
      </button>
      <span className="grow" />
      <span className="leg no-ph">
        <span>
          <i className="k-act" />
          {word('IMPLEMENTED')}
        </span>
        <span>
          <i className="k-fc" />
          {word('DECIDED')}
        </span>
        <span>
          <i className="k-plan" />
          Not yet {word('DECIDED').toLowerCase()}
        </span>
      </span>
    </div>
  )
}
