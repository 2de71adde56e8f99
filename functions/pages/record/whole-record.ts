/** Fetches the person's record page by page, and joins the pages to one. */
import type { OwnRecord, RecordConsent } from '../../../shared/client/own-record.ts'

/** Most pages that are fetched: 1,000 decisions. */
const maxPages = 20

/**
 * The record with the newest decisions. When there are more, `leftOut` says so, and `next` names the page from which the ledger has them.
 *
 * @returns `undefined` when a page could not be fetched, so that no part is taken for the whole
 */
export async function fetchWholeRecord(client: Pick<RecordConsent, 'ownRecord'>): Promise<OwnRecord | undefined> {
  let whole = await client.ownRecord()
  for (let pages = 1; whole?.next !== undefined && pages < maxPages; pages++) {
    const page = await client.ownRecord(whole.next)
    whole = page && joined(whole, page)
  }
  if (whole?.next === undefined) return whole
  return { ...whole, leftOut: [...whole.leftOut, { what: 'events', why: 'too-many' }] }
}

function joined(whole: OwnRecord, { events, receipts, texts, titles, leftOut, next }: OwnRecord): OwnRecord {
  const known = new Set(whole.texts.map(({ sha256 }) => sha256))
  const { next: _, ...before } = whole
  return {
    ...before,
    events: [...whole.events, ...events],
    receipts: [...whole.receipts, ...receipts],
    texts: [...whole.texts, ...texts.filter(({ sha256 }) => !known.has(sha256))],
    titles: { ...whole.titles, ...titles },
    leftOut: [...whole.leftOut, ...leftOut],
    ...(next !== undefined && { next }),
  }
}
