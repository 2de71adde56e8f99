/** The parts of a receipt that its promise signs, and those that its tlog-proof is about. */
import { digestOf } from './published-leaf.ts'
import type { Receipt } from './receipt-file.ts'

/** Extra data of `c2sp.org/tlog-proof@v1` in a receipt: the bytes that the proof is about, and what opens them. */
export function proofExtra({ leaf, disclosures }: Pick<Receipt, 'leaf' | 'disclosures'>): string {
  return JSON.stringify({ leaf, disclosures })
}

/** Members that the digest leaves out. */
const leftOut: readonly string[] = ['leaf', 'disclosures', 'inclusionPromise', 'tlogProof'] satisfies (keyof Receipt)[]

/**
 * Digest of what a person reads in a receipt: all of it but the leaf and its disclosures, which prove themselves, the promise and the
 * proof. It is a claim of the promise, so that a record that was changed is not the one that was signed.
 *
 * @returns lower-case hex SHA-256 of the RFC 8785 form
 */
export function receiptDigest(receipt: object): string {
  return digestOf(Object.fromEntries(Object.entries(receipt).filter(([name]) => !leftOut.includes(name))))
}
