/** An endpoint of the drill, with an item of each kind that deliveries store. */
import type { ControllerSnapshot } from '../../../../shared/ledger/controllers/controller-snapshots.ts'
import { dueItem, endName, markKey, noticeItem } from '../../../../shared/ledger/expiry/expiry-items.ts'
import { awaitedItem } from '../../../../shared/ledger/fan-out/awaited-completions.ts'
import { recordCompletion } from '../../../../shared/ledger/fan-out/completions.ts'
import { firstState, outcomeItem, stateItem } from '../../../../shared/ledger/fan-out/delivery-state.ts'
import { askRedelivery, makeEndpoint, rotateSecret } from '../../../../shared/ledger/fan-out/manage-endpoints.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import type { MemoryLedger } from '../../../support/memory-ledger.ts'

export async function endpointWithDeliveries(ledger: MemoryLedger, snapshot: ControllerSnapshot): Promise<void> {
  const scope = vaultScope(snapshot)
  const anna = { issuer: 'urn:test', subject: 'anna' }
  const endpoint = 'crm'
  const settings = {
    url: 'https://crm.example/',
    types: ['consent.withdrawn'],
    payload: 'thin',
    state: 'enabled',
  } as const
  await makeEndpoint(ledger, scope, { endpoint, ...settings }, anna)
  await rotateSecret(ledger, scope, { endpoint, change: 2, overlapHours: 24 }, anna)
  await askRedelivery(ledger, scope, { endpoint, redelivery: 1, kind: 'test', from: 0, to: 0 }, anna)
  const place = { leaf: 3, part: 0 }
  const outcome = { outcome: 'delivered', redelivery: 0, attempts: 1, sequence: 1, status: 204 } as const
  await ledger.entries.insert([
    stateItem('acme', endpoint, { number: 1, state: firstState }),
    outcomeItem('acme', endpoint, { ...place, ...outcome, at: '2026-11-22T11:00:00.000Z' }),
    awaitedItem('acme', endpoint, place, Date.parse('2026-11-22T12:00:00.000Z')),
  ])
  const end = { leaf: 3, part: 0, expiresAt: '2026-11-22T11:30:00.000Z', days: 0 }
  const name = endName({ id: scope.secrets.pepper, controller: 'acme' }, 'newsletter', end.expiresAt)
  const leads = [{ days: 0, since: '2026-11-22T10:00:00.000Z', hour: '2026-11-22T12' }]
  const notice = { notice: 1, at: '2026-11-22T12:00:00.000Z', next: 4, leads, ends: [{ ...end, name }] }
  const due = { sub: 'somebody', sk: 'event#1', part: 0, at: end.expiresAt }
  await ledger.entries.insert([
    noticeItem(scope, notice, ledger.random),
    dueItem(scope, name, due, ledger.random),
    { ...markKey(scope, { ...end, name }), values: {} },
  ])
  await recordCompletion(ledger, scope, { controller: 'acme', endpoint, ...place }, {})
}
