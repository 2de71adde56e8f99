/** What the form of an import holds, and the request that it stands for. Names of purposes and the mapping are typed, and read here. */
import type { Import, ImportDraft } from '../../../shared/server/wire.ts'
import { parsedJson } from '../files/parsed-json.ts'

export type ImportFormat = Import['format']

export const formats = [
  ...(['mapping', 'usercentrics', 'didomi', 'commanders-act'] as const),
  ...(['cookie-script', 'cookie-compliance', 'c15t', 'ledger'] as const),
] as const satisfies readonly ImportFormat[]

export interface ImportFields {
  readonly system: string
  readonly site: string
  readonly format: ImportFormat
  readonly identifierType: string
  /** One purpose a line: `theirs = ours`, and nothing after the sign to leave it out. */
  readonly purposes: string
  /** Whose versions the file states; empty: none. */
  readonly policyId: string
  /** One version a line: `theirs = ours`. Those that are not here have our names. */
  readonly versions: string
  /** JSON, for the format `mapping`. */
  readonly mapping: string
  readonly notify: boolean
}

export const emptyFields: ImportFields = {
  ...{ system: '', site: '', format: 'mapping', identifierType: '', purposes: '' },
  ...{ policyId: '', versions: '', notify: false },
  mapping: JSON.stringify(
    {
      originId: { column: 'id' },
      identifier: { id: { column: 'email' }, type: { constant: 'email' } },
      occurredAt: { column: 'date', format: 'yyyy-MM-dd HH:mm', zone: 'Europe/Stockholm' },
      decisions: [
        {
          purpose: { constant: 'newsletter' },
          verb: { column: 'newsletter', values: { yes: 'given', no: 'refused' } },
        },
      ],
    },
    null,
    2,
  ),
}

export interface ReadNames<Ours> {
  /** By the tool's names. */
  readonly names: Readonly<Record<string, Ours>>
  /** The first line that cannot be read. */
  readonly faulty?: string
}

export function readPurposes(typed: string): ReadNames<string | null> {
  return readNames(typed, (ours) => (ours === '' ? null : /^[a-z0-9-]{1,40}$/.test(ours) ? ours : undefined))
}

export function readVersions(typed: string): ReadNames<string> {
  return readNames(typed, (ours) => (/^[A-Za-z0-9._-]{1,40}$/.test(ours) ? ours : undefined))
}

/** @param read returns `undefined` for what cannot be one of ours */
function readNames<Ours>(typed: string, read: (ours: string) => Ours | undefined): ReadNames<Ours> {
  const names: Record<string, Ours> = {}
  for (const line of typed.split('\n').map((each) => each.trim())) {
    if (line === '') continue
    const at = line.lastIndexOf('=')
    const theirs = line.slice(0, at).trim()
    const ours = read(line.slice(at + 1).trim())
    if (at < 1 || theirs === '' || ours === undefined) return { names, faulty: line }
    names[theirs] = ours
  }
  return { names }
}

/** The name of the tool makes the ids of events, so it is short. */
export const isSystem = (text: string) => /^[A-Za-z0-9._-]{1,40}$/.test(text)

export type ReadMapping = NonNullable<ImportDraft['mapping']>

/** @returns `undefined` for a text that is no JSON object; the ledger says what else is wrong with it */
export function readMapping(typed: string): ReadMapping | undefined {
  const read = parsedJson(typed)
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return undefined
  // The cast is right, because the ledger checks each member and names the one that is wrong.
  return read as ReadMapping
}

export function draftOf(fields: ImportFields, importId: string, files: readonly File[]): ImportDraft {
  const { names: purposes } = readPurposes(fields.purposes)
  const { names: versions } = readVersions(fields.versions)
  const policy = { policyId: fields.policyId, ...(Object.keys(versions).length > 0 && { versions }) }
  const read = fields.format === 'mapping' ? readMapping(fields.mapping) : undefined
  return {
    ...{ importId, system: fields.system, site: fields.site, format: fields.format },
    ...(read !== undefined && { mapping: read }),
    ...(fields.identifierType !== '' && { identifierType: fields.identifierType }),
    ...(Object.keys(purposes).length > 0 && { purposes }),
    ...(fields.policyId !== '' && { policy }),
    ...(fields.notify && { notify: true }),
    files: files.map(({ name, size }) => ({ name, bytes: size })),
  }
}
