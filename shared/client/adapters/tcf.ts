/**
 * `@consent-ledger/client/tcf`: records what people decide in any CMP of the IAB's Transparency and Consent Framework 2.2 and 2.3, by
 * its `__tcfapi`.
 *
 * Names are TCF's numbers: of purposes (`1`), special features (`special-feature/1`), and of purposes on the ground of legitimate
 * interests (`legitimate-interest/7`), where a no is an objection. Only the site knows on what ground a purpose rests, so of the last
 * those are read that it maps. The TC string goes along.
 *
 * `tcloaded` is what was decided before. `useractioncomplete` is a decision when its string is another than the last one recorded, or
 * when the CMP has shown its UI since. CMPs also send it for a string that they load or write again, as the IAB's own library
 * does at every second call of `update` (https://github.com/InteractiveAdvertisingBureau/iabtcf-es/issues/220).
 */
import type { Consent } from '../client.ts'
import type { ClientStorage } from '../storage.ts'
import { openMark } from './mark.ts'
import { type AdapterOptions, controlOf, guard, type NamedDecision, recordNamed, report } from './recorder.ts'
import { fitting } from './signal.ts'

export interface TcfOptions extends AdapterOptions {
  readonly consent: AdapterOptions['consent'] & Pick<Consent, 'permits'>
  /** @default the browser's localStorage */
  readonly storage?: ClientStorage
}

type Vector = Readonly<Record<string, boolean>>

/** As much of TCData as is read here. */
interface TcData {
  readonly tcString: string
  readonly eventStatus: string
  readonly gdprApplies?: boolean
  readonly listenerId?: number
  readonly purpose: { readonly consents: Vector; readonly legitimateInterests: Vector }
  readonly specialFeatureOptins: Vector
}

type TcfApi = (
  command: string,
  version: 2,
  callback: (data: TcData | null, isGood: boolean) => void,
  parameter?: number,
) => void

const interest = 'legitimate-interest/'

/** Returns a function that stops recording. Without `__tcfapi` reports `no-cmp`, returns `undefined` and records nothing. */
export function recordTcf(options: TcfOptions): (() => void) | undefined {
  // Asked for at each call: the CMP takes the place of its stub.
  const api = () => (globalThis as { __tcfapi?: TcfApi }).__tcfapi
  if (!api()) {
    report(options, { code: 'no-cmp', detail: 'there is no __tcfapi yet: nothing is recorded' })
    return undefined
  }
  const recorded = openMark('tcf', options.storage)
  let listenerId: number | undefined
  let heard: string | undefined
  /** Set while the CMP has shown its UI since the last act: the string that was the last one recorded when it did. */
  let shown: { readonly recorded: string | undefined } | undefined

  function isAct({ tcString, eventStatus }: TcData): boolean {
    const last = recorded.last()
    // Before anything was recorded here, a string that was loaded is an earlier decision; later, one that was not recorded is news.
    const isNew = tcString !== last && (last !== undefined || tcString !== heard)
    heard = tcString
    if (eventStatus === 'cmpuishown') shown = { recorded: last }
    // If another string was recorded while the UI was open here, this is the act of another tab, which the CMP reports here too.
    return eventStatus === 'useractioncomplete' && (isNew || (shown !== undefined && shown.recorded === last))
  }

  function listen(data: TcData): void {
    listenerId = data.listenerId
    const isDecision = isAct(data)
    if (data.eventStatus !== 'useractioncomplete') return
    const wasShown = shown !== undefined
    shown = undefined
    if (!isDecision || data.gdprApplies === false) return
    const named = namesIn(data, options)
    const recording = recordNamed(options, named, {
      control: controlOf(named),
      // An act by the page's own buttons, or on an earlier page, was not made on the CMP's UI.
      presentationId: wasShown ? options.presentationId : undefined,
      signals: { tcString: fitting(data.tcString, options) },
    })
    if (recording?.eventId) recorded.set(data.tcString)
  }

  guard(options, () => api()?.('addEventListener', 2, (data) => guard(options, () => data && listen(data))))
  return () => guard(options, () => api()?.('removeEventListener', 2, () => {}, listenerId))
}

/** What TCData is silent about is a no where the site maps it; a no to anything else may never have been asked about. */
function namesIn({ purpose, specialFeatureOptins }: TcData, { purposes, consent }: TcfOptions): NamedDecision[] {
  const mapped = Object.keys(purposes)
  const optIns: Vector = Object.fromEntries([
    ...mapped.filter((name) => !name.startsWith(interest)).map((name) => [name, false]),
    ...Object.entries(purpose.consents),
    ...Object.entries(specialFeatureOptins).map(([id, isIn]) => [`special-feature/${id}`, isIn]),
  ])
  const interests = mapped.filter((name) => name.startsWith(interest))
  const isObjectedTo = (name: string) => [purposes[name] ?? []].flat().some((id) => consent.permits(id) === false)
  return [
    ...Object.entries(optIns)
      .filter(([name, isIn]) => isIn || mapped.includes(name))
      .map(([name, isIn]) => ({ name, said: isIn })),
    ...interests.map((name): NamedDecision => {
      if (!purpose.legitimateInterests[name.slice(interest.length)]) return { name, said: 'objected' }
      return { name, said: isObjectedTo(name) ? 'objection-withdrawn' : 'requested' }
    }),
  ]
}
