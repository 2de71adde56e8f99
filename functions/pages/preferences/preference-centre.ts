/**
 * The preference centre: the controller, every policy with its purposes and choices, and the person's own record, whose code is loaded when it is
 * opened. It shows the ledger's answers. While a decision is on its way, or the ledger is unreachable, it shows what this device has stored, and
 * says so.
 */
import type { Decisions, How, Notice, OwnConsents } from '../../../shared/client/client.ts'
import { element } from '../element.ts'
import { refusedBySignal, tellingOfSignal } from '../opt-out-signal.ts'
import { policyTexts } from '../policy-text.ts'
import { listOf, localisedText, type Reader, textFor } from '../reader.ts'
import type { RecordPanel, recordPanel } from '../record/record-panel.ts'
import type { WatchedClient } from '../watched-client.ts'
import { controllerDetails, glossary } from './controller-details.ts'
import { decisionTimes } from './decision-times.ts'
import { decisionsUnderWay } from './decisions-under-way.ts'
import { type PanelView, type PolicyPanel, policyPanel } from './policy-panel.ts'
import { controllerOf, fetchLogKey, fetchPolicies, type Policies } from './public-answers.ts'
import { tabs } from './tabs.ts'

export interface CentreOptions {
  readonly url: string
  readonly key: string
  readonly client: WatchedClient
  readonly reader: Reader
  /** Heading level of its title in the surrounding page. */
  readonly titleLevel: 'h1' | 'h2'
  readonly titleId: string
}

/** What `record.js` exports. */
interface RecordModule {
  readonly recordPanel: typeof recordPanel
}

export interface Centre {
  readonly element: HTMLElement
  close(): void
}

export function openCentre({ url, key, client, reader, titleLevel, titleId }: CentreOptions): Centre {
  const { words } = reader
  const { consent, options } = client
  const place = element('div', {}, element('p', {}, words.loading))
  /** Inside the centre, because screen readers do not announce changes outside a modal dialog. */
  const saved = element('p', { role: 'status', class: 'unseen' })
  const offline = element('p', { class: 'notice', role: 'status' })
  const refused = element('p', { class: 'notice error', role: 'alert' })
  const panels: PolicyPanel[] = []
  const notices = new Map<string, Promise<Notice | undefined>>()
  const titles = new Map<string, Notice['title']>()
  const underWay = decisionsUnderWay(client)
  const texts = policyTexts(url)
  let state: OwnConsents | undefined
  let records: RecordPanel | undefined
  let turn = Promise.resolve()

  const view: PanelView = {
    ...{ reader, consent, decide, texts },
    times: decisionTimes(consent),
    stateOf: (target) => ({
      answer: state?.consents.find((c) => (c.purposeId ?? `policy/${c.policyId}`) === target),
      permitted: consent.permits(target),
      underWay: underWay.of(target),
      refusal: whyRefused(target),
    }),
  }
  const update = () => {
    for (const panel of panels) panel.update()
    const said = [...underWay.refusals()].map(([code, targets]) => refusalText(code, targets)).join(' ')
    // An unchanged alert is not announced again.
    if (refused.textContent !== said) refused.textContent = said
    offline.hidden = said !== ''
  }

  function whyRefused(target: string): string | undefined {
    const code = underWay.refusalOf(target)
    return code === undefined ? undefined : whyOf(code)
  }

  const whyOf = (code: string) => words.refusals[code] ?? words.otherRefusal

  function refusalText(code: string, targets: readonly string[]): string {
    const said = words.notAccepted(listOf(reader, targets.map(nameOf)), whyOf(code))
    return code === 'dropped' ? said : `${said} ${words.keptForLater}`
  }

  /** Why the last question has no answer. */
  function unanswered(): string {
    const code = client.lastCode()
    return code === undefined || code === 'unreachable' || code === 'failed'
      ? words.unreachable
      : words.notAnswered(whyOf(code))
  }

  /** Refreshes run one after the other, after pending events were sent: an older answer would undo a decision on this device. */
  function refresh(): Promise<void> {
    turn = turn.then(refreshNow)
    return turn
  }

  async function refreshNow(): Promise<void> {
    await consent.flush()
    state = await consent.state()
    offline.textContent = state === undefined ? unanswered() : ''
    update()
    await records?.update()
  }

  function decide(decisions: Decisions, how: How): void {
    const targets = Object.keys(decisions)
    const { eventId } = consent.record(decisions, { ...how, surface: 'preference-centre', layer: 1 })
    underWay.add(eventId, targets)
    update()
    saved.textContent = words.recorded(listOf(reader, targets.map(nameOf)))
    consent.flush().then(() => {
      if (consent.pending() > 0) refresh()
    })
  }

  const nameOf = (target: string) => textFor(reader, titles.get(target) ?? { [reader.locale]: target })[0]

  /** Fetched when its panel is shown, because the notice's token is evidence of when the text was served. */
  function noticeOf(policyId: string): Promise<Notice | undefined> {
    const asked =
      notices.get(policyId) ??
      consent.notice(policyId).then((notice) => {
        for (const { purposeId, title } of notice?.purposes ?? []) titles.set(purposeId, title)
        return notice
      })
    notices.set(policyId, asked)
    return asked
  }

  function panelOf(policyId: string): HTMLElement {
    const panelPlace = element('div', {}, element('p', {}, words.loading))
    noticeOf(policyId).then((notice) => {
      if (notice === undefined) {
        notices.delete(policyId)
        panelPlace.replaceChildren(element('p', { class: 'notice' }, unanswered()))
        return
      }
      const panel = policyPanel(view, notice)
      panels.push(panel)
      panel.update()
      panelPlace.replaceChildren(panel.element)
      tellingOfSignal(key).record(consent, notice, refusedBySignal(consent, notice), 'preference-centre')
    })
    return panelPlace
  }

  function recordPlace({ controller }: Policies): HTMLElement {
    const panelPlace = element('div', {}, element('p', {}, words.loading))
    const logKey = fetchLogKey(url, controllerOf(key))
    // The address is no literal, so the bundler leaves the module where it is.
    const address = `${url}/console/record.js`
    import(address).then(
      (module: RecordModule) => {
        records = module.recordPanel({
          ...{ reader, consent, options, texts },
          logKey: () => logKey,
          supervisoryAuthority: controller.supervisoryAuthority,
        })
        panelPlace.replaceChildren(records.element)
        return records.update()
      },
      () => panelPlace.replaceChildren(element('p', { class: 'notice' }, words.unreachable)),
    )
    return panelPlace
  }

  async function load(): Promise<void> {
    const known = await fetchPolicies(url, controllerOf(key))
    if (known === undefined) return place.replaceChildren(element('p', { class: 'notice' }, words.unreachable))
    for (const { policyId, title } of known.policies) titles.set(`policy/${policyId}`, title)
    const inForce = [...known.policies]
      .filter((policy) => policy.inForce !== undefined)
      .sort((a, b) => ranks.indexOf(a.kind) - ranks.indexOf(b.kind))
    const all = [
      ...inForce.map(({ policyId, title }) => ({
        label: localisedText(reader, title) ?? policyId,
        panel: () => panelOf(policyId),
      })),
      { label: words.yourData, panel: () => recordPlace(known) },
    ]
    place.replaceChildren(
      controllerDetails(reader, known.controller),
      ...glossary(reader, known.controller),
      tabs(words.sections, all),
    )
    await refresh()
  }

  const forget = consent.onChange(() => {
    update()
    if (underWay.settle()) refresh()
  })
  load()
  return {
    element: element(
      'div',
      { class: 'centre stacked' },
      element(titleLevel, { id: titleId, tabindex: -1 }, words.choicesTitle),
      saved,
      refused,
      offline,
      place,
    ),
    close: forget,
  }
}

const ranks = ['cookie', 'privacy', 'terms', 'other']
