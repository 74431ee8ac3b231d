import { describe, expect, it } from 'vitest'
import { badgeOf, ContactStore, GIVEN_UP_MS, SILENCE_MS } from './contact'

describe('the live badge', () => {
  it('says Live right after a message', () => {
    expect(badgeOf({ line: 'live', at: 1_000 }, true, 1_000 + SILENCE_MS - 1)).toEqual({
      tone: 'ok',
      word: 'Live',
      age: null,
    })
  })

  it('says how old the data is after five seconds without contact, though no connection was lost', () => {
    expect(badgeOf({ line: 'live', at: 0 }, true, 7_400)).toEqual({ tone: 'risk', word: 'Reconnecting', age: 7 })
  })

  it('says Reconnecting at once when the connection is lost, and its age later', () => {
    expect(badgeOf({ line: 'reconnecting', at: 0 }, true, 1_000)).toEqual({
      tone: 'risk',
      word: 'Reconnecting',
      age: null,
    })
    expect(badgeOf({ line: 'reconnecting', at: 0 }, true, 12_000)).toEqual({
      tone: 'risk',
      word: 'Reconnecting',
      age: 12,
    })
  })

  it('says Offline when the browser is, or when nobody has answered for long', () => {
    expect(badgeOf({ line: 'live', at: 0 }, false, 1_000)).toEqual({ tone: 'off', word: 'Offline', age: 1 })
    expect(badgeOf({ line: 'reconnecting', at: 0 }, true, GIVEN_UP_MS)).toEqual({
      tone: 'off',
      word: 'Offline',
      age: 30,
    })
  })

  it('says Connecting before the first message', () => {
    expect(badgeOf({ line: 'connecting', at: null }, true, 99_000)).toEqual({
      tone: 'risk',
      word: 'Connecting',
      age: null,
    })
  })
})

describe('the contact store', () => {
  it('tells its listeners, and keeps the time of the last message when the line is lost', () => {
    const store = new ContactStore()
    let told = 0
    const stop = store.subscribe(() => {
      told += 1
    })
    store.lost()
    expect(store.read()).toEqual({ line: 'connecting', at: null })
    store.heard(42)
    store.lost()
    expect(store.read()).toEqual({ line: 'reconnecting', at: 42 })
    stop()
    store.heard(50)
    expect(told).toBe(3)
  })
})
