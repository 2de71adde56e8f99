/**
 * Manifests of what retention destroyed. Each is numbered, and is a leaf of the controller's log, so that the ledger cannot destroy keys and
 * later deny or change which rule it followed.
 *
 *   PK `<controller>#disposition`    form: `controller-entry.ts`
 *   SK `<number16>#plan`        commits to field:plan; no leaf      what is about to be destroyed; inserted before the first key goes
 *   SK `<number16>#manifest`    commits to field:manifest           what was destroyed; inserted after the last key went
 *
 * A run makes one for each page of the vault on which something of the controller goes. A crash between the two leaves a plan. The next run that
 * meets a row of the controller, an hour later or more, makes its manifest from the plan, with the outcome `interrupted`: at most these keys
 * went. What did not go is planned again by that run, and so is in a later manifest, too. Two runs at once take different numbers.
 *
 * A manifest states numbers of subjects and names none. The salts of the claims keep others from guessing it from its leaf.
 */
import { type Disposal, type DispositionManifest, disposal, dispositionManifest } from '../../consent/disposals.ts'
import { conformsExactly } from '../../consent/exact-schema.ts'
import { instant, integer, list, record, type TypeOf } from '../../consent/schema.ts'
import { LedgerError } from '../../errors.ts'
import { claimsInEntry, controllerEntry, disclosuresIn } from '../controller-entry.ts'
import { numberSk } from '../log/log-items.ts'
import { type Item, insertOne, type Key, queryAll, type Randomness, type Table } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'

const plan = record({ number: integer, plannedAt: instant, disposals: list(disposal) })
type Plan = TypeOf<typeof plan>

export const dispositionPk = (controller: string): string => `${controller}#disposition`
export const manifestKey = (controller: string, number: number): Key => ({
  pk: dispositionPk(controller),
  sk: `${numberSk(number)}#manifest`,
})
export const planKey = (controller: string, number: number): Key => ({
  pk: dispositionPk(controller),
  sk: `${numberSk(number)}#plan`,
})
export const numberIn = ({ sk }: Key): number => Number(sk.slice(0, sk.indexOf('#')))
export const isPlan = ({ sk }: Key): boolean => sk.endsWith('#plan')

type Stores = { readonly entries: Table; readonly random: Randomness }

/** Each try takes the number after the last. A further one is needed only when another run took it. */
const maxTries = 8

/** Records what is about to be destroyed. Returns the plan, with the number that its manifest gets. */
export async function planDisposition(
  { entries, random }: Stores,
  scope: VaultScope,
  disposals: readonly Disposal[],
  now: string,
): Promise<Plan> {
  for (let tried = 0; tried < maxTries; tried++) {
    const [last] = (await entries.query(dispositionPk(scope.controller), { descending: true, limit: 1 })).items
    const planned: Plan = { number: last === undefined ? 0 : numberIn(last) + 1, plannedAt: now, disposals }
    const item = planItem(scope, planned, random)
    if (await insertOne(entries, item)) return planned
    // The answer to a first try may have been lost.
    const [stored] = await entries.get([item])
    if (isSamePayload(stored, item)) return planned
  }
  throw new LedgerError('unavailable', 'other runs of retention are taking the numbers of manifests')
}

/** Records what was destroyed of a plan. */
export async function recordDisposition(
  { entries, random }: Stores,
  scope: VaultScope,
  { number, plannedAt }: Plan,
  disposals: readonly Disposal[],
  now: string,
): Promise<void> {
  const manifest = { number, plannedAt, endedAt: now, outcome: 'carried-out', disposals } as const
  await insertOne(entries, manifestItem(scope, manifest, random))
}

/** Longer than any run, which Lambda ends after 15 minutes, and the difference of two clocks. */
const runMs = 3_600_000
/** How far back open plans are looked for. Retention comes to each controller within a week, so a month covers runs that failed. */
const lookBackMs = 31 * 24 * 3_600_000

/** Makes the manifests of plans whose run was cut short. Runs since then may have added any number of manifests. */
export async function closeInterrupted({ entries, random }: Stores, scope: VaultScope, now: string): Promise<void> {
  const firstHour = new Date(Date.parse(now) - lookBackMs).toISOString().slice(0, 13)
  const items: Item[] = []
  for await (const item of queryAll(entries, dispositionPk(scope.controller), { descending: true })) {
    if (String(item.values.hour) < firstHour) break
    items.push(item)
  }
  const ended = new Set(items.filter((item) => !isPlan(item)).map(numberIn))
  for (const item of items) {
    if (!isPlan(item) || ended.has(numberIn(item))) continue
    const planned = openPlan(scope, item)
    if (planned === undefined || Date.parse(now) - Date.parse(planned.plannedAt) < runMs) continue
    const manifest = { ...planned, endedAt: now, outcome: 'interrupted' } as const
    await insertOne(entries, manifestItem(scope, manifest, random))
  }
}

/** A manifest with its leaf, and the disclosures that open it. */
export interface StoredManifest {
  readonly manifest: DispositionManifest
  readonly key: Key
  readonly leaf: string
  readonly disclosures: readonly string[]
}

/** `undefined` when this controller did not seal it, or a later release of the ledger sealed it in another form. */
export function openManifest(scope: VaultScope, item: Item): StoredManifest | undefined {
  try {
    const manifest = claimsInEntry(scope, item, ['field:manifest']).get('field:manifest')
    if (!conformsExactly(dispositionManifest, manifest)) return undefined
    const key = manifestKey(scope.controller, manifest.number)
    if (key.sk !== item.sk) return undefined
    return { manifest, key, leaf: String(item.values.leaf), disclosures: disclosuresIn(scope, item) }
  } catch {
    return undefined
  }
}

/** `undefined` when it cannot be read. */
export function openPlan(scope: VaultScope, item: Item): Plan | undefined {
  try {
    const planned = claimsInEntry(scope, item, ['field:plan']).get('field:plan')
    return conformsExactly(plan, planned) && planKey(scope.controller, planned.number).sk === item.sk
      ? planned
      : undefined
  } catch {
    return undefined
  }
}

function planItem(scope: VaultScope, planned: Plan, random: Randomness): Item {
  const claims = [{ name: 'field:plan', value: planned }]
  const key = planKey(scope.controller, planned.number)
  const { values, ...at } = controllerEntry(scope, key, { kind: 'disposition', at: planned.plannedAt, claims }, random)
  const { leaf: _, ...others } = values
  return { ...at, values: others }
}

function manifestItem(scope: VaultScope, manifest: DispositionManifest, random: Randomness): Item {
  const claims = [{ name: 'field:manifest', value: manifest }]
  const key = manifestKey(scope.controller, manifest.number)
  return controllerEntry(scope, key, { kind: 'disposition', at: manifest.endedAt, claims }, random)
}

function isSamePayload(stored: Item | undefined, { values }: Item): boolean {
  const [a, b] = [stored?.values.payload, values.payload]
  return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0
}
