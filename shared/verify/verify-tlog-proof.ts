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
import { readSignedCheckpoint, timeAndWitnesses } from './signed-checkpoint.ts'
import { count, fail, inStep, inStepAsync, missing, quote, runSteps, type Verification } from './verification.ts'
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
    const proof = inStep('form', 'the file', () => parseTlogProof(text))
    const json =
      proof.extra &&
      inStep('form', 'the extra data', () => decodeUtf8(proof.extra ?? new Uint8Array(), 'malformed-proof'))
    const extra =
      json === undefined
        ? undefined
        : parseForm(extraForm, parseJson(json, 'form', 'the extra data'), 'form', 'the extra data')
    log.ok('form', 'The file has the form of c2sp.org/tlog-proof@v1.')
    if (extra && givenLeaf !== undefined && extra.leaf !== givenLeaf)
      fail('form', 'the leaf given is not the one in the file')
    const leaf = givenLeaf ?? extra?.leaf
    const signed = await inStepAsync('checkpoint', 'the checkpoint', () =>
      readSignedCheckpoint(proof.checkpoint, policy),
    )
    log.ok(
      'checkpoint',
      `The log ${quote(signed.origin)} signed a tree of ${signed.size}, made ${timeAndWitnesses(signed)}.`,
    )
    if (leaf === undefined) return missing('leaves', 'the file does not carry its leaf: give the leaf, too')
    inStep('inclusion', 'the leaf', () =>
      verifyInclusion(proof.index, signed.size, hashOfLeaf(leaf), proof.hashes, signed.root),
    )
    log.ok('inclusion', `The log has the leaf, at index ${proof.index}.`)
    const disclosures = extra?.disclosures ?? []
    if (disclosures.length === 0) {
      log.note('disclosures', 'No disclosures are given: the leaf is in the log, and what it commits to stays closed.')
      return {}
    }
    if (isManifestLeaf(leaf)) {
      const manifest = openManifest(leaf, disclosures)
      log.ok(
        'disclosures',
        `The disclosure opens manifest ${manifest.number} of what retention destroyed: ${describeManifest(manifest)}.`,
      )
      return { disclosed: { 'field:manifest': manifest } }
    }
    const claims = openDisclosures(disclosures, readEventLeaf(leaf, 'leaves', 'the leaf'), new Set(), 'the file')
    log.ok(
      'disclosures',
      `${count(disclosures.length, 'disclosure opens', 'disclosures open')} what the leaf committed to.`,
    )
    return { disclosed: valuesOf(claims) }
  })
}
