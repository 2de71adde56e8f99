/** The person's decisions, newest first, each with its receipt to download and the result of checking it. */
import type { Consent, Receipt } from '../../../shared/client/client.ts'
import { isPromised } from '../../../shared/client/promise.ts'
import { element, visuallyHidden } from '../element.ts'
import { momentOf, type Reader } from '../reader.ts'

export interface HistorySources {
  readonly consent: Consent
  readonly logKey: () => Promise<string | undefined>
  /** Title of a purpose or policy, in the reader's language where it was published in that language. */
  readonly titleOf: (target: { readonly purposeId?: string; readonly policyId?: string }) => HTMLElement | string
}

export interface History {
  readonly element: HTMLElement
  /** Fetches the receipts again. */
  update(): Promise<void>
}

export function history(reader: Reader, { consent, logKey, titleOf }: HistorySources): History {
  const { words } = reader
  const place = element('div', {}, element('p', {}, words.loading))

  function entry(receipt: Receipt): HTMLElement {
    const moment = momentOf(reader, receipt.times.recordedAt)
    const verdict = element('p', { class: 'aside' }, words.checking)
    checkReceipt(receipt, verdict)
    return element(
      'li',
      { class: 'entry' },
      element('h3', {}, element('time', { datetime: receipt.times.recordedAt }, moment)),
      element(
        'ul',
        {},
        receipt.decisions.map((decision) => {
          const said = words.verbs[decision.verb] ?? decision.verb
          const why = words.reasons[decision.reason ?? '']
          const effect = decision.effect === 'none' && ` (${words.withoutEffect}${why === undefined ? '' : `: ${why}`})`
          return element('li', {}, titleOf(decision), ': ', element('strong', {}, said), effect)
        }),
      ),
      verdict,
      element(
        'button',
        { type: 'button', class: 'link', click: () => download(receipt) },
        words.download,
        visuallyHidden(words.fromMoment(moment)),
      ),
    )
  }

  async function checkReceipt(receipt: Receipt, verdict: HTMLElement): Promise<void> {
    const key = await logKey()
    const isHolding = key === undefined ? undefined : await isPromised(receipt, key)
    verdict.className = `verdict ${isHolding === undefined ? '' : isHolding ? 'yes' : 'no'}`
    verdict.textContent =
      isHolding === undefined
        ? words.cannotCheck
        : isHolding
          ? receipt.tlogProof === undefined
            ? words.holds
            : words.holdsInLog
          : words.holdsNot
  }

  return {
    element: element(
      'div',
      { class: 'stacked' },
      element('h2', {}, words.history),
      element('p', {}, words.historyIntroduction),
      place,
      element('p', { class: 'aside' }, words.whoseKey),
    ),
    async update() {
      const receipts = await consent.receipts()
      if (receipts === undefined) place.replaceChildren(element('p', {}, words.unreachable))
      else if (receipts.length === 0) place.replaceChildren(element('p', {}, words.noHistory))
      else place.replaceChildren(element('ol', { class: 'entries' }, receipts.map(entry)))
    },
  }
}

function download(receipt: Receipt): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(receipt, null, 2)], { type: 'application/json' }))
  element('a', { href: address, download: `receipt-${receipt.receiptId}.json` }).click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
