/**
 * The receipts of the calling subject, and the file with all that the ledger has about them, which holds the receipts too. A receipt carries a signed
 * promise that its event will be logged, so the function that records events answers these routes: only it may sign.
 */
import { ownReceiptsQuery, type receiptFormats } from '../../shared/api/schemas/queries.ts'
import type { Receipt } from '../../shared/consent/receipt-file.ts'
import { LedgerError } from '../../shared/errors.ts'
import { siteOf, subjectOf } from '../http/access.ts'
import { type Answer, type Endpoint, header, ok, parseQuery } from '../http/call.ts'
import { prefersJsonLd } from '../http/media-type.ts'

export const receiptEndpoints = {
  async getOwnReceipts(call) {
    const { snapshot } = await siteOf(call)
    const { identity } = await subjectOf(call, snapshot)
    const { receiptId, limit, after, format: named } = parseQuery(call, ownReceiptsQuery)
    const { ledger } = call.instance
    const { ownReceipt, ownReceipts } = await import('../../shared/ledger/answers/own-receipts.ts')
    if (receiptId === undefined) {
      if (named === undefined || named === 'json')
        return ok(await ownReceipts(ledger, snapshot, identity, { limit, after }))
      const facts = { field: '/receiptId', allowed: 'the receiptId of one receipt' }
      throw new LedgerError('invalid-request', 'this form has room for one receipt', facts)
    }
    const receipt = await ownReceipt(ledger, snapshot, identity, receiptId)
    return rendered(receipt, named ?? (prefersJsonLd(header(call, 'accept')) ? 'jsonld' : 'json'))
  },

  async getOwnRecord(call) {
    return (await import('./own-record.ts')).ownRecordFile(call)
  },
} satisfies Record<string, Endpoint>

async function rendered(receipt: Receipt, format: (typeof receiptFormats)[number]): Promise<Answer> {
  const { receiptId, tlogProof, record } = receipt
  switch (format) {
    case 'json':
      return ok({ receipts: [receipt] })
    case '27560':
      return ok(record)
    case 'jsonld': {
      const { receiptAsJsonLd } = await import('../../shared/consent/receipt-json-ld.ts')
      return ok(JSON.stringify(receiptAsJsonLd(receipt)), { 'content-type': 'application/ld+json' })
    }
    case 'kantara': {
      const { receiptAsKantara } = await import('../../shared/consent/receipt-kantara.ts')
      const kantara = receiptAsKantara(receipt)
      if (kantara) return ok(kantara)
      throw new LedgerError('not-found', 'a Kantara receipt holds consents given, and this event gave none that counts')
    }
    case 'tlog-proof':
      if (tlogProof === undefined) {
        throw new LedgerError('not-found', 'no checkpoint covers the event yet; the JSON form has the signed promise')
      }
      return ok(tlogProof, {
        'content-type': 'text/plain; charset=utf-8',
        'content-disposition': `attachment; filename="${receiptId}.tlog-proof"`,
      })
  }
}
