/** The outside witnesses of the logs (https://c2sp.org/tlog-witness), as the construct takes them. */

/** A witness that cosigns checkpoints. Each log's origin and verifier key must be registered with it. */
export interface OutsideWitness {
  /** Its verifier key, `name+hash+base64`, of signature type 4 (`cosignature/v1`, Ed25519). */
  readonly vkey: string
  /** Address below which `/add-checkpoint` is: `https://...`. */
  readonly url: string
}

export interface Witnessing {
  /**
   * Outside witnesses of the logs, asked every 15 minutes to cosign the newest checkpoint of each log that has grown. Each log is to be
   * registered with them: see [witnesses](../runbook.md#witnesses). @default none: nobody is asked
   */
  readonly witnesses?: readonly OutsideWitness[]
}

const maxWitnesses = 16

/** @throws Error for what the function would refuse at its start, after the deployment */
export function checkedWitnesses({ witnesses = [] }: Witnessing): readonly OutsideWitness[] {
  if (witnesses.length > maxWitnesses)
    throw new Error(`witnesses: ${witnesses.length} are given and ${maxWitnesses} allowed`)
  for (const { vkey, url } of witnesses) {
    if (!/^[^\s+]+\+[0-9a-f]{8}\+B[A-P][A-Za-z0-9+/]{42}$/.test(vkey))
      throw new Error(
        `witnesses: ${JSON.stringify(vkey)} is no verifier key of type 4, like witness.example+1a2b3c4d+B...`,
      )
    const { protocol, username, search, hash } = URL.parse(url) ?? {}
    if (protocol !== 'https:' || username !== '' || search !== '' || hash !== '' || /[\s]/.test(url))
      throw new Error(`witnesses: ${JSON.stringify(url)} is no address like https://witness.example`)
  }
  if (new Set(witnesses.map(({ vkey }) => vkey)).size < witnesses.length)
    throw new Error('witnesses: one key is given twice')
  return witnesses
}

/** The function's variable: what `parseWitnesses` of `shared/ledger/log/ask-witnesses.ts` reads. */
export function witnessesText(witnesses: readonly OutsideWitness[]): string {
  return JSON.stringify(witnesses.map(({ vkey, url }) => `${vkey} ${url}`))
}
