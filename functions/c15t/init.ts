/**
 * The answer to a c15t client's `init`: what to ask, the words, and a token of the served text, which the client returns with the decision.
 * Every question rests on consent, so the model is opt-in wherever the person is, and no category is preselected.
 */
import { hash } from 'node:crypto'
import type { Presentation } from '../../shared/consent/policy.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { wordsIn } from '../http/language.ts'
import { bannerWords } from './banner-words.ts'
import { type AskedCategory, type CategoryNames, necessary } from './names.ts'

export interface InitFacts {
  readonly snapshot: ControllerSnapshot
  readonly names: CategoryNames | undefined
  readonly questions: readonly AskedCategory[]
  /** Locales, first choice first, as in an Accept-Language. */
  readonly wanted: string | undefined
  readonly policySnapshotToken: string | undefined
}

export function initAnswer({ snapshot, names, questions, wanted, policySnapshotToken }: InitFacts) {
  const jurisdiction = jurisdictionOf(snapshot.controller.country)
  const policy = policyOf(snapshot, questions, names?.policy.policyId ?? 'none')
  return {
    jurisdiction,
    // The ledger does not locate people: the questions are the same everywhere, and any location header could be forged.
    location: { countryCode: null, regionCode: null },
    translations: translations(names, questions, wanted),
    branding: 'none' as const,
    policy,
    policyDecision: {
      policyId: policy.id,
      fingerprint: hash('sha256', JSON.stringify(policy), 'hex'),
      matchedBy: 'default' as const,
      country: null,
      region: null,
      jurisdiction,
    },
    ...(policySnapshotToken !== undefined && { policySnapshotToken }),
  }
}

const actions = {
  allowedActions: ['accept', 'reject', 'customize'],
  primaryActions: ['accept', 'reject'],
  layout: [['reject', 'accept'], ['customize']],
  direction: 'row',
  uiProfile: 'balanced',
}

/**
 * The client asks again whenever the hash of this object changes. The list of categories therefore also names the oldest version under which
 * consents still stand (`policy@version`, never a category), and nothing else varies: the client asks again exactly when earlier consents
 * no longer stand.
 */
function policyOf(snapshot: ControllerSnapshot, questions: readonly AskedCategory[], id: string) {
  const since = new Set(questions.map((q) => `${q.policyId}@${q.since}`))
  return {
    id,
    model: 'opt-in' as const,
    consent: {
      scopeMode: 'strict' as const,
      categories: [necessary, ...questions.map(({ category }) => category), ...[...since].sort()],
      preselectedCategories: [],
      gpc: true,
    },
    ui: { mode: questions.length > 0 ? ('banner' as const) : ('none' as const), banner: actions, dialog: actions },
    proof: { storeIp: snapshot.controller.ipAddress !== 'drop', storeUserAgent: true, storeLanguage: false },
  }
}

function translations(
  names: CategoryNames | undefined,
  questions: readonly AskedCategory[],
  wanted: string | undefined,
) {
  const { language, words } = bannerWords(wanted)
  const { necessary: always, ...rest } = words
  const presented = names && presentationFor(names.policy.presentations, questions)
  const asked = questions.map(({ category, purpose }) => [
    category,
    { title: wordsIn(purpose.title, wanted), description: wordsIn(purpose.description, wanted) },
  ])
  return {
    language,
    translations: {
      ...rest,
      ...(presented && {
        cookieBanner: { ...rest.cookieBanner, description: wordsIn(presented.wording, wanted) },
        common: { ...rest.common, rejectAll: wordsIn(presented.refusal.label, wanted) },
      }),
      consentTypes: { necessary: always, ...Object.fromEntries(asked) },
    },
  }
}

/** The latest presentation of exactly the asked purposes whose first layer can be refused. */
function presentationFor(all: readonly Presentation[], questions: readonly AskedCategory[]): Presentation | undefined {
  const asked = questions.map(({ purpose }) => purpose.purposeId).sort()
  return all
    .filter(({ controls, refusal }) => {
      const put = controls.map(({ purposeId }) => purposeId).sort()
      return refusal.layer === 1 && put.length > 0 && put.join(' ') === asked.join(' ')
    })
    .toSorted((a, b) => (a.publishedAt < b.publishedAt ? -1 : 1))
    .at(-1)
}

const eea = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'
const jurisdictions: Readonly<Record<string, string>> = {
  GB: 'UK_GDPR',
  CH: 'CH',
  BR: 'BR',
  AU: 'AU',
  JP: 'APPI',
  KR: 'PIPA',
}

/** c15t's name for the law of the controller's country. */
function jurisdictionOf(country: string): string {
  return eea.split(' ').includes(country) ? 'GDPR' : (jurisdictions[country] ?? 'NONE')
}
