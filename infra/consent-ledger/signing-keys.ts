/** The KMS keys with which functions sign, and those whose public halves they read. The public half of a replaced checkpoint key stays readable. */
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { LedgerStores } from './stores.ts'

export type SigningKey = 'checkpointKey' | 'witnessKey' | 'receiptKey'

/** ARNs of the keys that sign now. */
export function signingArns(keys: readonly SigningKey[], stores: LedgerStores): string[] {
  return arns(
    keys,
    stores,
    stores.earlierCheckpointKeys.filter((each) => 'signs' in each && each.signs),
  )
}

/** ARNs of the keys that sign now or did, with which stored signatures are verified. */
export function knownArns(keys: readonly SigningKey[], stores: LedgerStores): string[] {
  return arns(keys, stores, stores.earlierCheckpointKeys)
}

/** All checkpoint keys, as the functions read them (`functions/aws/checkpoint-keys.ts`). */
export function checkpointKeyNames({ checkpointKey, earlierCheckpointKeys }: LedgerStores): string {
  const earlier = earlierCheckpointKeys.map((each) =>
    'publicKey' in each ? `public:${each.publicKey}` : (each.signs ? '' : 'retired:') + each.key.keyArn,
  )
  return [checkpointKey.keyArn, ...earlier].join(' ')
}

function arns(
  keys: readonly SigningKey[],
  stores: LedgerStores,
  earlier: LedgerStores['earlierCheckpointKeys'],
): string[] {
  return keys.flatMap((name) => {
    const others = name === 'checkpointKey' ? earlier.flatMap((each) => ('key' in each ? each.key : [])) : []
    return [stores[name], ...others].map(({ keyArn }: IKey) => keyArn)
  })
}
