/** A browser that forbids its storages, or has no room left, keeps nothing and breaks nothing. */
import { afterEach, expect, it, vi } from 'vitest'
import { initialLanguage, rememberLanguage } from '../../../../functions/console/shell/language.ts'
import { currentSession, signOut } from '../../../../functions/console/shell/sign-in.ts'
import { browserStorage, storeIn, tabStorage } from '../../../../functions/console/shell/storage.ts'

afterEach(() => vi.unstubAllGlobals())

/** As Chromium does where cookies are blocked: the mention throws. */
function forbid(): void {
  for (const name of ['localStorage', 'sessionStorage'])
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get() {
        throw new Error('denied')
      },
    })
}

it('forbidden storages: the language is the browser’s, and nobody is signed in', () => {
  const before = ['localStorage', 'sessionStorage'].map((name) => Object.getOwnPropertyDescriptor(globalThis, name))
  forbid()
  vi.stubGlobal('navigator', { languages: ['sv-SE'] })
  try {
    rememberLanguage('en')
    signOut()
    expect(initialLanguage()).toBe('sv')
    expect(currentSession()).toBeUndefined()
    expect(storeIn(tabStorage(), 'a', 'b')).toBe(false)
    expect(browserStorage().getItem('a')).toBeNull()
  } finally {
    for (const [i, name] of ['localStorage', 'sessionStorage'].entries()) {
      const descriptor = before[i]
      if (descriptor) Object.defineProperty(globalThis, name, descriptor)
      else Reflect.deleteProperty(globalThis, name)
    }
  }
})

it('a full storage says so', () => {
  const full = {
    ...{ getItem: () => null, removeItem: () => {} },
    setItem() {
      throw new Error('QuotaExceededError')
    },
  }
  vi.stubGlobal('sessionStorage', full)
  expect(storeIn(tabStorage(), 'a', 'b')).toBe(false)
})
