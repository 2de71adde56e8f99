/**
 * Lists the account's decisions, newest first. Each receipt can be saved, or checked here with the log's keys; other programs can check the
 * saved file in the same way.
 */

import { element } from '../../../../functions/pages/element.ts'
import type { Receipt } from '../../../../shared/client/client.ts'
import { parsePolicy, verifyFile } from '../../../../shared/verify/verify.ts'
import { wordsIn } from '../language.ts'
import { type AccountPage, titleOf } from './account-page.ts'
import { button } from './button.ts'

/** What is shown already stays as it is, with the result of a check. Receipts only come, and the newest is the first. */
export async function showHistory(page: AccountPage): Promise<void> {
  const receipts = await page.consent.receipts()
  const list = document.querySelector('#history-list')
  const isShown = ({ receiptId }: Receipt) => list?.querySelector(`[data-receipt="${CSS.escape(receiptId)}"]`) != null
  list?.prepend(...(receipts ?? []).filter((each) => !isShown(each)).map((each) => entry(page, each)))
}

interface Linked extends Receipt {
  readonly link?: readonly { readonly policyId: string; readonly shown?: string }[]
}

function entry(page: AccountPage, receipt: Linked): HTMLElement {
  const { words, locale, notices } = page
  // The same time zone as on the pages that the server writes.
  const { minute } = wordsIn(locale === 'en' ? 'en' : 'sv')
  const verdict = element('p', { role: 'status' })
  const time = element('time', { datetime: receipt.times.effectiveAt }, minute(receipt.times.effectiveAt))
  const shownOf = (decision: Receipt['decisions'][number]) => {
    const declaring = notices.find(
      ({ policyId, purposes }) =>
        policyId === decision.policyId || purposes.some((p) => p.purposeId === decision.purposeId),
    )
    const shown = receipt.link?.find(({ policyId }) => policyId === declaring?.policyId)?.shown
    return shown ? `, ${words.version(shown)}` : ''
  }
  const decisions = receipt.decisions.map((decision) =>
    element('li', {}, `${words.verbs[decision.verb] ?? decision.verb} ${titleOf(page, decision)}${shownOf(decision)}`),
  )
  const name = time.textContent ?? ''
  const json = JSON.stringify(receipt, null, 2)
  const check = button(words.check, name, async () => {
    const { verdict: found, failed } = await verifyFile(json, parsePolicy(page.logPolicy))
    verdict.textContent = found === 'valid' ? words.valid : words.invalid(failed?.says ?? found)
  })
  return element(
    'li',
    { 'data-receipt': receipt.receiptId },
    element('p', {}, element('strong', {}, time)),
    element('ul', {}, ...decisions),
    element('p', { class: 'actions' }, download(page, receipt, json), check),
    verdict,
  )
}

function download({ words }: AccountPage, { receiptId }: Receipt, json: string): HTMLElement {
  const href = URL.createObjectURL(new Blob([json], { type: 'application/json' }))
  return element('a', { href, download: `receipt-${receiptId}.json` }, words.download)
}
