/**
 * The words of the demo that belong to no scene, in English and in Swedish. Each scene has its own, beside those of its
 * neighbours, in the `demo-words-*.ts` named after its file. Codes, statuses, reasons and ids are the same in every language.
 */
import type { Person } from './world/people.ts'

export const demoLanguages = ['en', 'sv'] as const
export type DemoLanguage = (typeof demoLanguages)[number]

/** One text, or one group of texts, in each language. A text that has no Swedish is an error of types. */
export function inBoth<T>(words: { readonly en: T; readonly sv: NoInfer<T> }): Readonly<Record<DemoLanguage, T>> {
  return words
}

/** The locale in which the demo world's policies are published. */
export const localeOf = inBoth({ en: 'en', sv: 'sv-SE' })

/** Labels of facts, of at most eleven characters. */
const swedishLabels = {
  '': '',
  allowed: 'tillåtet',
  answer: 'svar',
  call: 'anrop',
  closed: 'stängt',
  complete: 'fullständig',
  'counts as': 'räknas som',
  decisions: 'beslut',
  digests: 'hashar',
  effective: 'gäller från',
  event: 'händelse',
  events: 'händelser',
  field: 'fält',
  given: 'angett',
  grade: 'grad',
  'in the log': 'i loggen',
  'no effect': 'utan verkan',
  notice: 'information',
  pending: 'väntar',
  presented: 'visades som',
  problem: 'fel',
  purpose: 'ändamål',
  question: 'fråga',
  receipt: 'kvitto',
  shown: 'visat',
  signal: 'signal',
  size: 'storlek',
  subject: 'person',
  text: 'text',
  token: 'bevis',
  'two axes': 'två tider',
  verified: 'kontroll',
  'with it': 'bifogat',
}
export type Label = keyof typeof swedishLabels

export function labelIn(language: DemoLanguage, label: Label): string {
  return language === 'sv' ? swedishLabels[label] : label
}

export const storyWords = inBoth({
  en: {
    title: (url: string) => `The consent ledger on ${url}, in fourteen scenes`,
    run: (run: string, at: string) => `Run ${run}, ${at} UTC. Ids and secrets are shortened; everybody is invented.`,
    end: (scenes: number, calls: number) =>
      `${scenes} scenes, ${calls} calls: every answer was as the story expects. Play it again whenever you like.`,
  },
  sv: {
    title: (url) => `Samtyckesregistret på ${url}, i fjorton scener`,
    run: (run, at) => `Omgång ${run}, ${at} UTC. Id:n och hemligheter är förkortade, och alla personer är påhittade.`,
    end: (scenes, calls) =>
      `${scenes} scener, ${calls} anrop: varje svar blev som berättelsen väntar sig. Spela den igen när du vill.`,
  },
})

const swedishRoles: Readonly<Record<Person['role'], string>> = {
  debtor: 'gäldenär',
  creditor: 'borgenär',
  'third party': 'någon annan',
  visitor: 'besökare',
}

/** Who is behind an event, and what proves it. */
export const credentialWords = inBoth({
  en: {
    device: ({ name, role }: Pick<Person, 'name' | 'role'>, secret: string) =>
      `${name}, ${role}, by device secret ${secret}`,
    account: ({ name, role }: Pick<Person, 'name' | 'role'>, account: string) =>
      `${name}, ${role}, by token of account ${account}`,
    operator: (identity: string, scope: string) => `${identity}, named by the operator’s server (scope ${scope})`,
  },
  sv: {
    device: ({ name, role }, secret) => `${name}, ${swedishRoles[role]}, med enhetens hemlighet ${secret}`,
    account: ({ name, role }, account) => `${name}, ${swedishRoles[role]}, inloggad på kontot ${account}`,
    operator: (identity, scope) => `${identity}, enligt företagets server (scope ${scope})`,
  },
})

export const tellingWords = inBoth({
  en: {
    noticeToken: (token: string) => `notice token ${token}`,
    text: (policyId: string | undefined, hash: string) => `${policyId}, text ${hash}`,
    version: (policyId: string | undefined, version: string | undefined, locale: string | undefined) =>
      `${policyId}, version ${version}, ${locale}`,
    recorded: (receiptId: string, at: string) => `${receiptId}  recorded ${at}`,
    inForce: (policyId: string, shown: string | undefined, inForce: string | undefined) =>
      `${policyId}: ${shown === undefined ? '' : `version ${shown} shown, `}version ${inForce ?? 'none'} in force`,
    byTheLedger: (verb: string) => `${verb}, by the ledger`,
    effects: { yes: 'a yes', no: 'a no', shown: 'shown', operator: 'the operator’s word', none: 'without effect' },
    is: 'is',
    more: (n: number) => `and ${n} more`,
  },
  sv: {
    noticeToken: (token) => `visningsbevis ${token}`,
    text: (policyId, hash) => `${policyId}, texten ${hash}`,
    version: (policyId, version, locale) => `${policyId}, version ${version} på ${locale}`,
    recorded: (receiptId, at) => `${receiptId}  antecknad ${at}`,
    inForce: (policyId, shown, inForce) =>
      `${policyId}: ${shown === undefined ? '' : `version ${shown} visades, `}${inForce === undefined ? 'ingen version' : `version ${inForce}`} gäller`,
    byTheLedger: (verb) => `${verb}, av registret`,
    effects: { yes: 'ett ja', no: 'ett nej', shown: 'visat', operator: 'företagets besked', none: 'utan verkan' },
    is: 'är',
    more: (n) => `och ${n} till`,
  },
})
