/** The words around answers of a ledger, in English and Swedish. Sentences come from the ledger in that language; statuses and reasons are codes. */
import { count } from '../../shared/verify/verification.ts'

export interface AskWords {
  readonly yes: string
  readonly no: string
  readonly lines: Readonly<
    Record<'status' | 'permitted' | 'decidedBy' | 'shown' | 'inForce' | 'demonstrable' | 'endsAt' | 'thenKnown', string>
  >
  readonly noEvent: string
  readonly columns: Readonly<Record<'since' | 'status' | 'reason' | 'decidedBy' | 'recorded' | 'decisions', string>>
  readonly noChange: string
  readonly linked: string
  /** Heading of an answer. */
  about(at: string, knownAt: string): string
  /** Heading of a timeline. */
  changes(target: string, at: string, knownAt: string): string
  events(n: number): string
  version(name: string, grade: string | undefined): string
  lacking(parts: readonly string[]): string
  unreadable(n: number): string
  /** How to get evidence for what was only said. */
  unproven(command: string): string
  saved(file: string, bytes: number): string
  /** How to check a file that was not checked, for lack of keys. */
  unchecked(command: string, policy: string): string
  askAgain(seconds: number): string
}

const english: AskWords = {
  yes: 'yes',
  no: 'no',
  lines: {
    status: 'status',
    permitted: 'permitted',
    decidedBy: 'decided by',
    shown: 'text shown',
    inForce: 'in force',
    demonstrable: 'demonstrable',
    endsAt: 'ends',
    thenKnown: 'as known then',
  },
  noEvent: 'no event',
  columns: {
    since: 'since',
    status: 'status',
    reason: 'why',
    decidedBy: 'decided by',
    recorded: 'recorded',
    decisions: 'decisions',
  },
  noChange: 'Nothing has changed it.',
  linked: 'Together with the identifiers that it is linked to:',
  about: (at, knownAt) => `At ${at}, as known at ${knownAt}`,
  changes: (target, at, knownAt) => `Changes of ${target} until ${at}, as known at ${knownAt}`,
  events: (n) => `${count(n, 'event')}:`,
  version: (name, grade) => `version ${name}${grade === undefined ? '' : `, evidence: ${grade}`}`,
  lacking: (parts) => `no, it lacks: ${parts.join(', ')}`,
  unreadable: (n) => `The ledger cannot read ${count(n, 'stored entry', 'stored entries')} about this.`,
  unproven: (command) =>
    `This is what the ledger says; nothing here proves it. For a file that anyone can check:\n  ${command}`,
  saved: (file, bytes) => `wrote ${file} (${count(bytes, 'byte')})`,
  unchecked: (command, policy) =>
    `NOT CHECKED, because no keys were given. Check it with:\n  ${command}\nThe log's keys are at ${policy}; compare them with keys from another source, since the ledger itself serves these.`,
  askAgain: (seconds) => `the log does not have everything yet: ask again in ${seconds} s`,
}

const swedish: AskWords = {
  yes: 'ja',
  no: 'nej',
  lines: {
    status: 'status',
    permitted: 'tillåtet',
    decidedBy: 'avgjort av',
    shown: 'visad text',
    inForce: 'i kraft',
    demonstrable: 'kan styrkas',
    endsAt: 'upphör',
    thenKnown: 'så vitt man visste då',
  },
  noEvent: 'ingen händelse',
  columns: {
    since: 'från',
    status: 'status',
    reason: 'varför',
    decidedBy: 'avgjort av',
    recorded: 'antecknat',
    decisions: 'beslut',
  },
  noChange: 'Inget har ändrat den.',
  linked: 'Tillsammans med de identiteter som den är länkad till:',
  about: (at, knownAt) => `Vid ${at}, enligt vad som var känt vid ${knownAt}`,
  changes: (target, at, knownAt) => `Ändringar av ${target} till och med ${at}, enligt vad som var känt vid ${knownAt}`,
  events: (n) => `${count(n, 'händelse', 'händelser')}:`,
  version: (name, grade) => `version ${name}${grade === undefined ? '' : `, bevis: ${grade}`}`,
  lacking: (parts) => `nej, det saknar: ${parts.join(', ')}`,
  unreadable: (n) => `Registret kan inte läsa ${count(n, 'lagrad post', 'lagrade poster')} om detta.`,
  unproven: (command) =>
    `Det här är vad registret säger. Inget här bevisar det. En fil som vem som helst kan kontrollera får du med:\n  ${command}`,
  saved: (file, bytes) => `sparade ${file} (${bytes} byte)`,
  unchecked: (command, policy) =>
    `EJ KONTROLLERAD, eftersom inga nycklar angavs. Kontrollera filen med:\n  ${command}\nLoggens nycklar finns på ${policy}. Jämför dem med nycklar från annat håll, eftersom det är registret självt som lämnar ut dem där.`,
  askAgain: (seconds) => `loggen har inte allt ännu: fråga igen om ${seconds} s`,
}

export const askLanguages: Readonly<Record<string, AskWords>> = { en: english, sv: swedish }
