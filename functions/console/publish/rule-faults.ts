/** Names the rules of publication, whose errors have a pointer and a sentence in English, so that a page can say them in the reader's language. */
import type { LedgerError } from '../../../shared/errors.ts'
import type { Fault } from '../schema-form/fault.ts'

/** By the last member of the pointer, where that decides the rule. */
const byMember: Readonly<Record<string, string>> = {
  interest: 'interestWithBasis',
  justification: 'needsJustification',
  logicInvolved: 'logicWithDecision',
  source: 'unknownSource',
  transfer: 'needsTransfer',
  forms: 'undeclaredForm',
  exempt: 'needsExemption',
  lifetime: 'isDuration',
  evidenceRetention: 'isDuration',
  contextRetention: 'isDuration',
  askAgainAfter: 'isDuration',
  kind: 'kindFixed',
  purposeId: 'otherPolicy',
  level: 'levelMajor',
  effectiveFrom: 'sameInstant',
  texts: 'repeated',
  purposes: 'repeated',
}

export function faultOfRule(error: LedgerError): Fault {
  const { field = '', given, allowed } = error.facts
  return {
    pointer: field,
    rule: ruleOf(error, field.split('/').at(-1) ?? ''),
    detail: error.message,
    values: { given: textOf(given), allowed: textOf(allowed) },
  }
}

function ruleOf({ code, facts }: LedgerError, member: string): string {
  if (code === 'undeclared-change') return facts.given === 'minor' ? 'alwaysMajor' : 'undeclaredChange'
  // Both rules of these members concern one field: that it is stated, and that it is a duration.
  if (member === 'retention') return Array.isArray(facts.allowed) ? 'needsRetention' : 'isDuration'
  if (member === 'validity') return 'needsValidity'
  if (member === 'ground')
    return textOf(facts.allowed).includes('public-task') ? 'groundNeedsObjection' : 'britishGround'
  if (member === 'legalBasis') return facts.given === undefined ? 'onlyConsent' : 'basisFixed'
  return byMember[member] ?? 'invalid'
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'string' ? value : ''
}
