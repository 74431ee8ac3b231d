import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ActButton, ActMenu } from './Why'

afterEach(cleanup)
const HOLD = { act: 'holdMeasure', allowed: false, why: 'After Decided only an executive holds a measure.' }
const EDIT = { act: 'editNode', allowed: true, why: null }

describe('a button for an act', () => {
  it('cannot be pressed when the server says no, stays reachable, and says why', async () => {
    const pressed = vi.fn()
    render(
      <ActButton acts={[HOLD]} act="holdMeasure" onClick={pressed}>
        Hold
      </ActButton>,
    )
    const button = screen.getByRole('button', { name: 'Hold', description: HOLD.why })
    await userEvent.tab()
    expect(document.activeElement).toBe(button)
    await userEvent.keyboard('{Enter}')
    await userEvent.click(button)
    expect(pressed).not.toHaveBeenCalled()
    expect(button.getAttribute('aria-disabled')).toBe('true')
  })

  it('is pressed when the server allows it', async () => {
    const pressed = vi.fn()
    render(
      <ActButton acts={[HOLD, EDIT]} act="editNode" onClick={pressed}>
        Edit
      </ActButton>,
    )
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }))
    expect(pressed).toHaveBeenCalledOnce()
  })

  it('does not exist where the server does not offer the act', () => {
    render(
      <ActButton acts={[EDIT]} act="moveNode">
        Move
      </ActButton>,
    )
    expect(screen.queryByRole('button')).toBeNull()
  })
})

describe('a menu of acts', () => {
  it('lists the closed ones with their reason, and does only the open ones', async () => {
    const edit = vi.fn()
    const hold = vi.fn()
    const items = [
      { act: 'editNode', label: 'Edit', onChoose: edit },
      { act: 'holdMeasure', label: 'Hold', onChoose: hold },
      { act: 'moveNode', label: 'Move', onChoose: vi.fn() },
    ]
    render(<ActMenu acts={[HOLD, EDIT]} items={items} label="More" />)
    await userEvent.click(screen.getByRole('button', { name: 'More' }))
    expect(screen.queryByRole('button', { name: 'Move' })).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: /Hold.*only an executive/ }))
    expect(hold).not.toHaveBeenCalled()
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }))
    expect(edit).toHaveBeenCalledOnce()
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull()
  })

  it('closes on Escape and gives the focus back', async () => {
    render(<ActMenu acts={[EDIT]} items={[{ act: 'editNode', label: 'Edit', onChoose: vi.fn() }]} label="More" />)
    const button = screen.getByRole('button', { name: 'More' })
    await userEvent.click(button)
    await userEvent.keyboard('{Escape}')
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull()
    expect(document.activeElement).toBe(button)
  })
})
