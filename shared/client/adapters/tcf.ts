/**
 * `@consent-ledger/client/tcf`: records the decisions that people make in any CMP of the IAB's Transparency and Consent Framework, versions
 * 2.2 to 2.4, through its `__tcfapi`. All three have the same `TCData` and TC string; 2.4 changes vendor list and policies only
 * (https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework/pull/443).
 *
 * Names are TCF's numbers of purposes (`1`), of special features (`special-feature/1`), and of purposes based on legitimate interests
 * (`legitimate-interest/7`), where a no is an objection. Only the site knows the basis of a purpose, so legitimate interests are read only
 * if `purposes` names them. The TC string is recorded as a signal.
 *
 * The event `tcloaded` reports an earlier decision. `useractioncomplete` reports a new one if its string differs from the last one
 * recorded, or if the CMP has shown its UI since. CMPs also send it for a string that they load or write again; the IAB's own library
 * does so at every second call of `update` (https://github.com/InteractiveAdvertisingBureau/iabtcf-es/issues/220).
 */
import type { Consent } from '../client.ts'
import type { ClientStorage } from '../storage.ts'
import {
  type AdapterOptions,
  controlOf,
  guard,
  type NamedDecision,
  openLastRecorded,
  recordNamed,
  report,
  signalWithinLimit,
} from './recorder.ts'

/** Options of `recordTcf`. */
export interface TcfOptions extends AdapterOptions {
  /** The client. */
  readonly consent: AdapterOptions['consent'] & Pick<Consent, 'permits'>
  /** Remembers the last recorded string, so that another tab does not record it again. @default the browser's localStorage */
  readonly storage?: ClientStorage
}

type Vector = Readonly<Record<string, boolean>>

/** The members of TCData that are read here. */
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

/**
 * Records each decision from now on. Without `__tcfapi` it reports `no-cmp` and records nothing.
 *
 * @returns a function that ends the recording; `undefined` without `__tcfapi`
 * @example
 * recordTcf({ consent, purposes: { 1: 'storage', 'legitimate-interest/7': 'ad-measurement' } })
 */
export function recordTcf(options: TcfOptions): (() => void) | undefined {
  // Looked up at each call, because the CMP replaces its stub.
  const api = () => (globalThis as { __tcfapi?: TcfApi }).__tcfapi
  if (!api()) {
    report(options, { code: 'no-cmp', detail: 'there is no __tcfapi yet: nothing is recorded' })
    return undefined
  }
  const recorded = openLastRecorded('tcf', options.storage)
  let listenerId: number | undefined
  let lastSeen: string | undefined
  /** Set while the CMP has shown its UI since the last act: the string that was the last one recorded when it did. */
  let shown: { readonly recorded: string | undefined } | undefined

  function isAct({ tcString, eventStatus }: TcData): boolean {
    const last = recorded.get()
    // Before anything was recorded here, a string that was loaded is an earlier decision; later, one that was not recorded is new.
    const isNew = tcString !== last && (last !== undefined || tcString !== lastSeen)
    lastSeen = tcString
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
      signals: { tcString: signalWithinLimit(data.tcString, options) },
    })
    if (recording?.eventId) recorded.set(data.tcString)
  }

  guard(options, () => api()?.('addEventListener', 2, (data) => guard(options, () => data && listen(data))))
  return () => guard(options, () => api()?.('removeEventListener', 2, () => {}, listenerId))
}

/** A mapped name that TCData leaves out is a no. A no under a name that is not mapped is left out, because it may never have been asked. */
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
      .map(([name, isIn]) => ({ name, decision: isIn })),
    ...interests.map((name): NamedDecision => {
      if (!purpose.legitimateInterests[name.slice(interest.length)]) return { name, decision: 'objected' }
      return { name, decision: isObjectedTo(name) ? 'objection-withdrawn' : 'requested' }
    }),
  ]
}
