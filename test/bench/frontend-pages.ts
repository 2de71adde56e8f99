/**
 * The pages that `frontends.ts` measures: the same empty page, with a button that decides, by each of the ways to ask. All record in the
 * same ledger; what a page loads is one minified script, gzipped, as a site would serve it.
 */
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'

export interface FrontendPage {
  readonly name: string
  /** Whose click is a decision. */
  readonly decides: string
  /** The end of the path that the decision is posted to; none for what has no backend. */
  readonly posts?: string
  readonly script: string
  readonly style?: string
  /** A script of its own in the page's head. */
  readonly head?: string
}

export const bareFetch = 'a bare fetch of the same event'

const root = join(import.meta.dirname, '../..')
const button = '#accept'

/** `url` and `key`: of the ledger, and of a site that allows the page's origin and has names for c15t. */
export async function frontendPages(url: string, key: string): Promise<readonly FrontendPage[]> {
  const ours = JSON.stringify({ url, key, locale: 'en' })
  const own = "document.querySelector('#accept').onclick"
  const how = "{ surface: 'banner', act: 'button', control: 'accept-all', layer: 1 }"
  const given = "{ statistics: true, 'marketing-cookies': true }"
  const cookieConsent = `{
    root: '#root', hideFromBots: false, language: { default: 'en', translations: { en: {
      consentModal: { title: 'Cookies', acceptAllBtn: 'Accept all', acceptNecessaryBtn: 'Refuse all' },
      preferencesModal: { title: 'Cookies', acceptAllBtn: 'Accept all', savePreferencesBtn: 'Save', sections: [] } } } },
    categories: { necessary: { readOnly: true, enabled: true }, statistics: {}, 'marketing-cookies': {} } }`
  const c15t = `{ mode: 'hosted', backendURL: ${JSON.stringify(`${url}/c15t/${key}`)} }`
  const pages: (Omit<FrontendPage, 'script' | 'style'> & { code: string; css?: string })[] = [
    { name: 'an empty page', decides: button, code: '' },
    {
      name: bareFetch,
      decides: button,
      posts: '/v1/events',
      code: `const device = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24)))).replace(/[+/]/g, 'x')
        ${own} = () => fetch('${url}/v1/events?key=${key}', { method: 'POST', body: JSON.stringify({
          eventId: crypto.randomUUID(), occurredAt: new Date(), sentAt: new Date(), subject: { deviceSecret: device, new: true },
          decisions: [{ purposeId: 'statistics', verb: 'given' }, { purposeId: 'marketing-cookies', verb: 'given' }],
          channel: 'web', surface: 'banner', act: 'button', control: 'accept-all', layer: 1 }) }).then((answer) => answer.json())`,
    },
    {
      name: '@consent-ledger/client',
      decides: button,
      posts: '/v1/events',
      code: `import { openConsent } from './shared/client/client.ts'
        const consent = openConsent(${ours})
        ${own} = () => consent.record(${given}, ${how})`,
    },
    {
      name: 'consent-ledger, its own banner',
      decides: 'consent-banner >> text="Accept all"',
      posts: '/v1/events',
      code: '',
      head: `<script defer src="${url}/console/banner.js" data-key="${key}" data-policy="cookie-policy"></script>`,
    },
    {
      name: 'vanilla-cookieconsent, no backend',
      decides: '.cm [data-role="all"]',
      code: `import { run } from 'vanilla-cookieconsent'
        run(${cookieConsent})`,
      css: 'node_modules/vanilla-cookieconsent/dist/cookieconsent.css',
    },
    {
      name: 'vanilla-cookieconsent, in the ledger',
      decides: '.cm [data-role="all"]',
      posts: '/v1/events',
      code: `import { run } from 'vanilla-cookieconsent'
        import { openConsent } from './shared/client/client.ts'
        import { withRecording } from './shared/client/adapters/vanilla-cookieconsent.ts'
        const purposes = { statistics: 'statistics', 'marketing-cookies': 'marketing-cookies' }
        run(withRecording(${cookieConsent}, { consent: openConsent(${ours}), purposes }))`,
      css: 'node_modules/vanilla-cookieconsent/dist/cookieconsent.css',
    },
    {
      name: 'c15t, without a banner, in the ledger',
      decides: button,
      posts: '/subjects',
      code: `import { getOrCreateConsentRuntime } from 'c15t'
        const { consentStore } = getOrCreateConsentRuntime(${c15t})
        ${own} = () => consentStore.getState().saveConsents('all', { uiSource: 'banner' })`,
    },
    {
      name: 'c15t, React with its banner, in the ledger',
      decides: '[data-testid="consent-banner-accept-button"]',
      posts: '/subjects',
      code: `import { ConsentBanner, ConsentManagerProvider } from '@c15t/react'
        import { createElement } from 'react'
        import { createRoot } from 'react-dom/client'
        createRoot(document.querySelector('#root')).render(
          createElement(ConsentManagerProvider, { options: ${c15t} }, createElement(ConsentBanner)))`,
      css: 'node_modules/@c15t/react/dist/styles.css',
    },
  ]
  return Promise.all(
    pages.map(async ({ code, css, ...page }) => ({
      ...page,
      script: await bundled({ stdin: { contents: code, loader: 'ts', resolveDir: root } }),
      ...(css && { style: await bundled({ entryPoints: [css] }) }),
    })),
  )
}

async function bundled(entry: Pick<BuildOptions, 'stdin' | 'entryPoints'>): Promise<string> {
  const { outputFiles } = await build({
    ...entry,
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}
