/**
 * Unwraps the keys in rows of the vault, each by itself, with the controller's data key. No function here throws: a row that does not
 * unwrap, perhaps planted, affects only what its own keys would have opened.
 */
import { deriveKey, deriveMacKey, deriveText, type HmacKey, hmacText, openBytes } from '../derived-keys.ts'
import { MacKey } from '../mac-key.ts'
import type { Item, Key } from '../store.ts'
import type { HoldsKey, LinksKeys, ReadsKey, SealingKeys, SubjectKeys, VaultScope, YearKeys } from './subject-keys.ts'

/** A wrapped key opens only in the row and under the name it was made for. */
export const wrappingContext = (key: Key, name: string) => `${key.pk}\n${key.sk}\n${name}`

/**
 * The controller that a row names as its own; `undefined` for a row from before 30 November 2026, which names none and is tried with the
 * keys of every controller. The name is a claim: only that the row opens for the controller proves it. Anything that cannot be a controller's
 * name counts as none: DynamoDB refuses to look up a key that is too long, so one planted row would end each run.
 */
export function claimedController({ values: { controller } }: Item): string | undefined {
  return typeof controller === 'string' && /^[a-z0-9-]{1,40}$/.test(controller) ? controller : undefined
}

/** The year in a row's sort key; NaN for another kind of row. The attribute `year` could be anything, the key is unique. */
const yearInName = ({ sk }: Key) => Number(sk.slice('year#'.length))

/**
 * The keys that are left in these rows of one subject; `undefined` when the subject's own key is gone or does not open for this
 * controller. Rows of years up to the subject's first are skipped: they belong to an erased subject that had the same name.
 */
export function subjectKeysInRows(scope: VaultScope, rows: readonly Item[]): SubjectKeys | undefined {
  const subject = rows.find((row) => row.sk === 'subject')
  const root = subject && unwrap(scope, subject, 'sub')
  if (root === undefined || root === 'unreadable') return undefined
  const firstYear = Number(subject?.values.year)
  const years = new Map<number, YearKeys>()
  const unreadableYears = new Set<number>()
  for (const row of rows) {
    const year = row === subject ? firstYear : yearInName(row)
    if (row !== subject && !(year > firstYear)) continue
    const proof = unwrap(scope, row, 'proof')
    if (proof === 'unreadable') unreadableYears.add(year)
    else if (proof !== undefined)
      years.set(
        year,
        yearKeysOf(scope, proof, () => readable(unwrap(scope, row, 'context'))),
      )
  }
  return subjectKeysOf(scope, root, { firstYear, years, unreadableYears })
}

/** The keys of a subject that is made now. */
export function newSubjectKeys(
  scope: VaultScope,
  year: number,
  raw: { readonly root: Uint8Array; readonly proof: Uint8Array; readonly context: Uint8Array },
): SubjectKeys {
  const years = new Map([[year, yearKeysOf(scope, new MacKey(raw.proof), () => new MacKey(raw.context))]])
  return subjectKeysOf(scope, new MacKey(raw.root), { firstYear: year, years, unreadableYears: new Set() })
}

function subjectKeysOf(
  { controller }: VaultScope,
  root: MacKey,
  ofYears: Pick<SubjectKeys, 'firstYear' | 'years' | 'unreadableYears'>,
): SubjectKeys {
  const sub = subIn(root, controller)
  const id = once(() => deriveMacKey(root, 'id', controller))
  const digest = once(() => deriveMacKey(root, 'digest', controller))
  const links = once(() => linksKeysOf(root, controller))
  const mandates = once(() => sealing(deriveMacKey(root, 'mandates', controller), controller))
  const reads = once(() => ({ sub, key: deriveKey(root, 'reads', controller) }))
  return {
    controller,
    sub,
    pk: `${controller}#${sub}`,
    get id() {
      return id()
    },
    get digest() {
      return digest()
    },
    get links() {
      return links()
    },
    get mandates() {
      return mandates()
    },
    get reads() {
      return reads()
    },
    ...ofYears,
  }
}

/**
 * The years that have a row whose key does not open. Code that decides whether keys may be destroyed must assume any event in them.
 * Only the row `subject` loses its proof key to retention; the row of another year is deleted as a whole.
 */
export function unreadableYearsIn(rows: readonly Item[], { firstYear, unreadableYears }: SubjectKeys) {
  const without = rows.filter(({ sk, values }) => sk !== 'subject' && values.proof === undefined).map(yearInName)
  const years = new Set([...unreadableYears, ...without.filter((year) => year > firstYear)])
  return [...years].map((year) => ({ year, events: [], isWhole: false }))
}

/** The year whose keys the row has; NaN when its name or, in a row `subject`, its attribute says none. */
export function yearOfRow(row: Item): number {
  return row.sk === 'subject' ? Number(row.values.year) : yearInName(row)
}

/** The `sub` of a row `subject`; `undefined` when its key is gone, `unreadable` when it does not open for this controller. */
export function subOf(scope: VaultScope, row: Item): { readonly sub: string } | 'unreadable' | undefined {
  const root = unwrap(scope, row, 'sub')
  if (root === undefined || root === 'unreadable') return root
  return { sub: subIn(root, scope.controller) }
}

/** Whether each key that is left in the row opens for this controller. */
export function isReadableRow(scope: VaultScope, row: Item): boolean {
  return ['sub', 'proof', 'context'].every((name) => unwrap(scope, row, name) !== 'unreadable')
}

function unwrap({ secrets }: VaultScope, row: Item, name: string): MacKey | 'unreadable' | undefined {
  const wrapped = row.values[name]
  if (wrapped === undefined) return undefined
  if (!(wrapped instanceof Uint8Array)) return 'unreadable'
  try {
    return new MacKey(openBytes(secrets.dataKey, wrapped, wrappingContext(row, name)))
  } catch {
    return 'unreadable'
  }
}

const readable = (key: MacKey | 'unreadable' | undefined) => (key === 'unreadable' ? undefined : key)

/** @param unwrapped the context key, which is unwrapped when it is used: most answers open no context */
function yearKeysOf({ controller }: VaultScope, proof: MacKey, unwrapped: () => MacKey | undefined): YearKeys {
  const context = once(() => {
    const key = unwrapped()
    return key && sealing(key, controller)
  })
  return {
    proof: sealing(proof, controller),
    get context() {
      return context()
    },
  }
}

function sealing(key: HmacKey, controller: string): SealingKeys {
  const salt = once(() => deriveMacKey(key, 'salt', controller))
  const seal = once(() => deriveKey(key, 'seal', controller))
  return {
    get salt() {
      return salt()
    },
    get seal() {
      return seal()
    },
  }
}

function linksKeysOf(root: HmacKey, controller: string): LinksKeys {
  const links = deriveMacKey(root, 'links', controller)
  return {
    salt: deriveMacKey(links, 'salt', controller),
    seal: deriveKey(links, 'seal', controller),
    share: deriveText(links, 'id', controller),
  }
}

/** Computes on the first call. A status needs neither `id`, `digest`, `salt` nor the context key, and a new event without context does not seal any. */
function once<T>(compute: () => T): () => T {
  let computed: { readonly value: T } | undefined
  return () => {
    computed ??= { value: compute() }
    return computed.value
  }
}

/** The key in a row `subject`; `undefined` when the row does not open for this controller. A read of such a subject has no row for it. */
export const readsKeyIn = (scope: VaultScope, row: Item): ReadsKey | undefined => keyInRow(scope, row, 'reads')

/** The key of the subject's turns (`hold-turns.ts`) in a row `subject`; `undefined` when the row does not open for this controller. */
export const holdsKeyIn = (scope: VaultScope, row: Item): HoldsKey | undefined => keyInRow(scope, row, 'holds')

function keyInRow(scope: VaultScope, row: Item, name: 'reads' | 'holds') {
  const { controller } = scope
  const root = unwrap(scope, row, 'sub')
  if (root === undefined || root === 'unreadable') return undefined
  return { sub: subIn(root, controller), key: deriveKey(root, name, controller) }
}

/** The pseudonym of the subject with this key. */
export const subIn = (root: HmacKey, controller: string) => deriveText(root, 'sub', controller)

/**
 * What a row `subject` states of its pseudonym, so that the index `holders` can find it: a MAC under a key of the controller, because the
 * vault without its keys must not lead to the log. 22 characters.
 */
export function holderOf({ controller, secrets }: VaultScope, sub: string): string {
  return hmacText(deriveMacKey(secrets.dataKey, 'holder', controller), sub, 16)
}
