/**
 * Optional code of the open pages: the counter, the advertisement, and the remembered language. Each starts when its purpose is permitted,
 * now or on a later page; a no stops it and deletes what it stored.
 */
import { bannersConsent, showRunning } from './banner.ts'

interface Optional {
  readonly purposeId: string
  start(): void
  stop(): void
}

const dayS = 24 * 3600

const everything: readonly Optional[] = [
  {
    purposeId: 'statistics',
    start() {
      setCookie('lup_visit', cookie('lup_visit') ?? crypto.randomUUID())
      send('/optional/visit')
    },
    stop: () => deleteCookie('lup_visit'),
  },
  {
    purposeId: 'marketing-cookies',
    start() {
      setCookie('vf_id', cookie('vf_id') ?? crypto.randomUUID(), 180 * dayS)
      const advertisement = document.querySelector<HTMLElement>('#advertisement')
      if (!advertisement) return
      advertisement.hidden = false
      send('/optional/advertisement')
    },
    stop() {
      deleteCookie('vf_id')
      const advertisement = document.querySelector<HTMLElement>('#advertisement')
      if (advertisement) advertisement.hidden = true
    },
  },
  {
    purposeId: 'preferences',
    start: () => setCookie('lj_prefs', document.documentElement.lang, 365 * dayS),
    stop: () => deleteCookie('lj_prefs'),
  },
]

const consent = bannersConsent()
const started = new Set<Optional>()

function follow(): void {
  for (const optional of everything) {
    const isPermitted = consent?.permits(optional.purposeId) === true
    if (isPermitted === started.has(optional)) continue
    if (isPermitted) started.add(optional)
    else started.delete(optional)
    if (isPermitted) optional.start()
    else optional.stop()
    showRunning(optional.purposeId, isPermitted)
  }
}

// Deletes what an earlier page stored, also when the person said no elsewhere, such as on the hosted preference page.
for (const optional of everything) if (consent?.permits(optional.purposeId) !== true) optional.stop()
follow()
consent?.onChange(follow)

function send(path: string): void {
  fetch(path, { method: 'POST', keepalive: true }).catch(() => undefined)
}

function cookie(name: string): string | undefined {
  const pairs = document.cookie.split('; ').map((pair) => pair.split('='))
  return pairs.find(([key]) => key === name)?.[1]
}

function setCookie(name: string, value: string, maxAgeS?: number): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in all browsers
  document.cookie = `${name}=${value}; Path=/; SameSite=Lax${maxAgeS === undefined ? '' : `; Max-Age=${maxAgeS}`}`
}

function deleteCookie(name: string): void {
  setCookie(name, '', 0)
}
