/** What is wrong with a value of a form: where, and which rule is broken. The words of the rules are in `fault-words-en.ts`. */
import type * as z from 'zod'
import { isObject, type Path, pointerOf, valueAt } from './form-state.ts'

export interface Fault {
  /** JSON pointer of the value. */
  readonly pointer: string
  /** Name of the rule; words of that name say it. */
  readonly rule: string
  readonly values?: Readonly<Record<string, string | number>>
  /** The ledger's own sentence, for a rule that has no words. */
  readonly detail: string
}

const idNames: ReadonlySet<string> = new Set(['purposeId', 'policyId', 'presentationId', 'site'])
const placeNames: ReadonlySet<string> = new Set(['country', 'region', 'storageLocations', 'jurisdiction'])

/** The faults that a schema of the API finds. Inner issues of unions and names are told by the rule of the outer one. */
export function faultsOf(issues: readonly z.core.$ZodIssue[], given: unknown): Fault[] {
  return issues.flatMap((issue) => {
    const path = issue.path as Path
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => fault([...path, key], 'unknownMember', 'no such field', { name: key }))
    return [fault(path, ...ruleOf(issue, path, given))]
  })
}

function fault(path: Path, rule: string, detail: string, values?: Fault['values']): Fault {
  return { pointer: pointerOf(path), rule, detail, ...(values && { values }) }
}

function ruleOf(
  issue: z.core.$ZodIssue,
  path: Path,
  given: unknown,
): [rule: string, detail: string, values?: Fault['values']] {
  const { message } = issue
  // An item of a list of texts is named after the list.
  const name = String(path.findLast((part) => typeof part === 'string') ?? '')
  if (isBlank(valueAt(given, path))) return ['missing', message]
  if (issue.code === 'too_big' && issue.origin === 'array') return ['tooMany', message, { most: Number(issue.maximum) }]
  if (issue.code === 'too_big') return ['tooLong', message, { most: Number(issue.maximum) }]
  if (issue.code === 'invalid_key' || name === 'locale') return ['isLocale', message]
  if (idNames.has(name)) return ['isId', message]
  if (name === 'version') return ['isVersionName', message]
  if (placeNames.has(name)) return ['isPlace', message]
  if (name === 'origins') return ['isOrigin', message]
  if (issue.code === 'custom' && /^recipients$/.test(String(path.at(-2)))) return ['countryOrRegion', message]
  return ['invalid', message]
}

function isBlank(value: unknown): boolean {
  if (value === undefined || value === '' || Number.isNaN(value)) return true
  return isObject(value) && Object.keys(value).length === 0
}
