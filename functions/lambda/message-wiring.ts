/** Dependencies of the function `messages`. A file of its own, so that no other function's bundle has its code. */
import { controllerSnapshots } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { messageSource } from '../../shared/ledger/fan-out/make-messages.ts'
import type { MessageSource } from '../../shared/ledger/fan-out/message-source.ts'
import { kmsKeyring } from '../aws/kms-keyring.ts'
import { dynamoSubjectFinder } from '../aws/subject-finder.ts'
import { variable } from './environment.ts'
import { clock, dynamoDb, kms, table, vaultOfSubjects } from './wiring.ts'

export function messagesOnAws(): MessageSource {
  const [entries, log] = [table('entries'), table('log')]
  const controllers = controllerSnapshots(entries, log, kmsKeyring(kms, variable('keyringKey')), clock)
  const finder = dynamoSubjectFinder(dynamoDb, variable('vault'))
  const baseUrl = variable('baseUrl')
  return messageSource({ entries, log, vault: vaultOfSubjects(), finder, controllers, clock, baseUrl: () => baseUrl })
}
