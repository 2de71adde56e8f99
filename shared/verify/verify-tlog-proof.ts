/**
 * Verifies a `.tlog-proof` file (https://c2sp.org/tlog-proof): one leaf of a log. The leaf is in the file's `extra` line, as JSON
 * {leaf, disclosures}, or is given separately. No signature covers the extra data: they count only if they hash to the logged leaf.
 */
import * as z from 'zod'
import { decodeUtf8 } from '../tlog/encoding.ts'
import { verifyInclusion } from '../tlog/inclusion.ts'
import type { LogPolicy } from '../tlog/tlog-policy.ts'
import { parseTlogProof } from '../tlog/tlog-proof.ts'
import { hashOfLeaf } from './check-inclusion.ts'
import { openDisclosures, readEventLeaf } from './disclosures.ts'
import { describeManifest, isManifestLeaf, openManifest } from './disposition-manifest.ts'
import { parseForm, parseJson } from './forms-proof.ts'
import { say } from './say.ts'
import { readSignedCheckpoint, timeAndWitnesses } from './signed-checkpoint.ts'
import { fail, inStep, inStepAsync, missing, quote, runSteps, type Verification } from './verification.ts'
import { valuesOf } from './verify-receipt.ts'

const extraForm = z.strictObject({
  leaf: z.string().max(65_535),
  disclosures: z.array(z.string().max(200_000)).max(1000).optional(),
})

/** Options for `.tlog-proof` files. */
export interface LeafOptions {
  /** Text of the leaf, if the file does not contain it. */
  readonly leaf?: string
}

/**
 * Verifies a `.tlog-proof` file. Never rejects.
 *
 * @param text the file
 * @param policy the logs and witnesses that are trusted
 * @param options the leaf, if the file does not contain it
 * @returns the verdict with all findings, and the opened claims
 */
export async function verifyTlogProofFile(
  text: string,
  policy: LogPolicy,
  options: LeafOptions = {},
): Promise<Verification> {
  const { leaf: givenLeaf } = options
  return runSteps('tlog-proof@v1', async (log) => {
    const proof = inStep('form', say('the-file'), () => parseTlogProof(text))
    const json =
      proof.extra &&
      inStep('form', say('the-extra-data'), () => decodeUtf8(proof.extra ?? new Uint8Array(), 'malformed-proof'))
    const extra =
      json === undefined
        ? undefined
        : parseForm(extraForm, parseJson(json, 'form', say('the-extra-data')), 'form', say('the-extra-data'))
    log.ok('form', 'form-tlog-proof')
    if (extra && givenLeaf !== undefined && extra.leaf !== givenLeaf) fail('form', 'other-leaf-given')
    const leaf = givenLeaf ?? extra?.leaf
    const signed = await inStepAsync('checkpoint', say('the-checkpoint'), () =>
      readSignedCheckpoint(proof.checkpoint, policy),
    )
    log.ok('checkpoint', 'checkpoint-signed', {
      origin: quote(signed.origin),
      size: signed.size,
      made: timeAndWitnesses(signed),
    })
    if (leaf === undefined) return missing('leaves', 'leaf-not-in-file')
    inStep('inclusion', say('the-leaf'), () =>
      verifyInclusion(proof.index, signed.size, hashOfLeaf(leaf), proof.hashes, signed.root),
    )
    log.ok('inclusion', 'leaf-included', { index: proof.index })
    const disclosures = extra?.disclosures ?? []
    if (disclosures.length === 0) {
      log.note('disclosures', 'no-disclosures')
      return {}
    }
    if (isManifestLeaf(leaf)) {
      const manifest = openManifest(leaf, disclosures)
      log.ok('disclosures', 'manifest-opened', { number: manifest.number, went: describeManifest(manifest) })
      return { disclosed: { 'field:manifest': manifest } }
    }
    const claims = openDisclosures(
      disclosures,
      readEventLeaf(leaf, 'leaves', say('the-leaf')),
      new Set(),
      say('the-file'),
    )
    log.ok('disclosures', 'leaf-opened', { count: disclosures.length })
    return { disclosed: valuesOf(claims) }
  })
}
