/**
 * Every audit read is itself an entry: who asked what and when, as salted digests in a leaf and sealed under the reader's key.
 *
 *   PK  `<controller>#read#<day>`      SK  128 random bits, hex
 *   leaf {"_sd":[...],"_sd_alg":"sha-256","kind":"read","v":1}      reader  the reader's pseudonym
 *   disclosures  field:question, field:reader, field:times
 *
 * It is stored before the answer is given: an answer that nobody can account for never leaves the ledger.
 */
import type { Identity } from '../consent/event.ts'
import type { ControllerBook } from './controllers.ts'
import { type Ledger, timestamp } from './ledger.ts'
import { disclosureDigest, makeDisclosure, yearKeys, yearOf } from './sealed-event.ts'
import { sealPayload } from './sealed-payload.ts'
import { insertOne } from './store.ts'
import { subjectKeysForWriting } from './vault.ts'

/** Nearly every question is shorter: their length says nothing of it. */
const paddedBytes = 320

export async function recordRead(
  ledger: Ledger,
  { controller: { controller }, secrets }: ControllerBook,
  reader: Identity,
  question: object,
): Promise<void> {
  const readAt = timestamp(ledger.clock)
  const year = yearOf(readAt)
  const keys = await subjectKeysForWriting(ledger, { controller, secrets }, reader, year, false)
  const { proof } = yearKeys(keys, year)
  const key = { pk: `${controller}#read#${readAt.slice(0, 10)}`, sk: Buffer.from(ledger.random(16)).toString('hex') }
  const claims = [
    { name: 'field:question', value: question },
    { name: 'field:reader', value: reader },
    { name: 'field:times', value: { readAt } },
  ]
  const digests = claims.map((claim) => disclosureDigest(makeDisclosure(key.sk, claim, proof.salt)))
  const leaf = JSON.stringify({ _sd: digests.sort(), _sd_alg: 'sha-256', kind: 'read', v: 1 })
  const payload = sealPayload({ question, reader, times: { readAt } }, proof.seal, key, ledger.random, paddedBytes)
  // The key is random: if it exists, it is ours, and the answer to a first try was lost.
  await insertOne(ledger.entries, { ...key, values: { leaf, reader: keys.sub, hour: readAt.slice(0, 13), payload } })
}
