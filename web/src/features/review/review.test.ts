import { describe, expect, it } from 'vitest'
import { NBSP } from '../../ui/numbers'
import { countdown } from './CycleCard'

const spoken = (due: string, today: string) => countdown(due, today).replaceAll(NBSP, ' ')

describe('the countdown of a review', () => {
  it('counts to the due day and past it', () => {
    expect(spoken('2026-12-05', '2026-11-26')).toBe('9 days left')
    expect(spoken('2026-12-05', '2026-12-04')).toBe('1 day left')
    expect(spoken('2026-12-05', '2026-12-05')).toBe('due today')
    expect(spoken('2026-12-05', '2026-12-08')).toBe('3 days over')
  })
})
