/** The pages of the console, in the order of the menu. A page is one folder and one line here; its code is loaded when it is opened. */
import type { ComponentType } from 'preact'
import type { english } from './shell/words-en.ts'

export interface Page {
  /** Address `#/<path>`, and the name of its title among the shell's words. */
  readonly path: keyof typeof english & string
  readonly group: 'groupAudit' | 'groupDesk' | 'groupOpen'
  /** Scope that its session needs; absent: no session. */
  readonly scope?: string
  readonly load: () => Promise<ComponentType>
}

export const pages: readonly Page[] = [
  audit('ask', () => import('./ask/ask-page.tsx').then(({ AskPage }) => AskPage)),
  audit('timeline', () => import('./timeline/timeline-page.tsx').then(({ TimelinePage }) => TimelinePage)),
  audit('proof', () => import('./proof/proof-page.tsx').then(({ ProofPage }) => ProofPage)),
  audit('sample', () => import('./sample/sample-page.tsx').then(({ SamplePage }) => SamplePage)),
  desk('overview', 'consent.statistics', () =>
    import('./overview/overview-page.tsx').then(({ OverviewPage }) => OverviewPage),
  ),
  desk('publish', 'consent.admin', () => import('./publish/publish-page.tsx').then(({ PublishPage }) => PublishPage)),
  desk('presentations', 'consent.admin', () =>
    import('./presentations/presentations-page.tsx').then(({ PresentationsPage }) => PresentationsPage),
  ),
  desk('sites', 'consent.admin', () => import('./sites/sites-page.tsx').then(({ SitesPage }) => SitesPage)),
  desk('holds', 'consent.hold', () => import('./holds/holds-page.tsx').then(({ HoldsPage }) => HoldsPage)),
  desk('erasures', 'consent.erase', () =>
    import('./erasures/erasures-page.tsx').then(({ ErasuresPage }) => ErasuresPage),
  ),
  desk('reads', 'consent.admin', () => import('./reads/reads-page.tsx').then(({ ReadsPage }) => ReadsPage)),
  desk('grants', 'consent.admin', () => import('./grants/grants-page.tsx').then(({ GrantsPage }) => GrantsPage)),
  desk('imports', 'consent.import', () => import('./imports/imports-page.tsx').then(({ ImportsPage }) => ImportsPage)),
  desk('exports', 'consent.export', () => import('./exports/exports-page.tsx').then(({ ExportsPage }) => ExportsPage)),
  desk('deliveries', 'consent.admin', () =>
    import('./deliveries/deliveries-page.tsx').then(({ DeliveriesPage }) => DeliveriesPage),
  ),
  open('verify', () => import('./verify/verify-page.tsx').then(({ VerifyPage }) => VerifyPage)),
  open('log', () => import('./log/log-page.tsx').then(({ LogPage }) => LogPage)),
]

function audit(path: Page['path'], load: Page['load']): Page {
  return { path, group: 'groupAudit', scope: 'consent.audit', load }
}

function desk(path: Page['path'], scope: string, load: Page['load']): Page {
  return { path, group: 'groupDesk', scope, load }
}

function open(path: Page['path'], load: Page['load']): Page {
  return { path, group: 'groupOpen', load }
}
