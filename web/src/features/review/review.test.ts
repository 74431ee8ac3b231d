import { describe, expect, it } from 'vitest'
import { countdown } from './CycleCard'

describe('the countdown of a review', () => {
  it('counts to the due day and past it', () => {
    expect(countdown('2026-12-05', '2026-11-26')).toBe('9 days left')
    expect(countdown('2026-12-05', '2026-12-04')).toBe('1 day left')
    expect(countdown('2026-12-05', '2026-12-05')).toBe('due today')
    expect(countdown('2026-12-05', '2026-12-08')).toBe('3 days over')
  })
})
