/** A policy (https://c2sp.org/tlog-policy) written from verifier keys alone. Witnesses have the names of their keys, and none is required. */
import { parseVerifierKey, signatureTypes } from '../tlog/verifier-key.ts'

/** @throws TlogError `malformed-key` */
export function policyTextOfKeys(vkeys: readonly string[]): string {
  const lines = vkeys.map((vkey, i) =>
    parseVerifierKey(vkey).type === signatureTypes.ed25519 ? `log ${vkey}` : `witness ${nameOf(vkey, i)} ${vkey}`,
  )
  return [...lines, 'quorum none', ''].join('\n')
}

function nameOf(vkey: string, i: number): string {
  const { name } = parseVerifierKey(vkey)
  return name === 'none' ? `witness-${i + 1}` : name
}
