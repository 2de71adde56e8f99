/**
 * A fourth version of the general terms, for this site only, because the demo world's third is a minor change, which needs no new acceptance. It
 * is written as its changes to the third, and comes into force months after the site first started.
 */
import type { ServerLedger } from '../../../shared/server/server.ts'
import { generalTerms } from '../world/ljungsten/general-terms.ts'

const version = '4'

/** By locale: a passage of the third version, and its replacement. */
const replaced: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  'sv-SE': [
    [
      /^\*\*Nytt i version 3:\*\*.*$/m,
      '**Nytt i version 4:** vårt ansvar gentemot borgenärer begränsas till tolv månaders avgifter (avsnitt 10), och ändringar publiceras trettio dagar i förväg (avsnitt 12). Ändringarna är väsentliga, så vi ber dig godkänna villkoren på nytt.',
    ],
    [/tjugofyra månaders avgifter/, 'tolv månaders avgifter'],
    [
      /minst två veckor innan den börjar gälla/,
      'minst trettio dagar innan den börjar gälla, och vi skriver till dig om den',
    ],
  ],
  en: [
    [
      /^\*\*New in version 3:\*\*.*$/m,
      '**New in version 4:** our liability towards creditors is limited to twelve months’ fees (section 10), and changes are published thirty days ahead (section 12). The changes are substantial, so we ask you to accept the terms again.',
    ],
    [/twenty-four months' fees/, "twelve months' fees"],
    [
      /at least two weeks before it takes effect/,
      'at least thirty days before it takes effect, and we write to you about it',
    ],
  ],
}

export async function publishNextTerms(ledger: ServerLedger, nowMs: number): Promise<void> {
  const { versions } = await ledger.listVersions('general-terms')
  const third = generalTerms.find(({ draft }) => draft.version === '3')?.draft
  if (third === undefined || versions.some((known) => known.version === version)) return
  const { policyId, ...draft } = third
  const effectiveFrom = firstOfMonth(Math.max(nowMs, Date.parse(third.effectiveFrom ?? '')))
  await ledger.publishVersion(policyId, {
    ...draft,
    version,
    effectiveFrom,
    texts: draft.texts.map(({ locale, mediaType, text }) => ({
      locale,
      mediaType,
      text: next(text, locale, effectiveFrom),
    })),
    level: 'major',
    changes: [],
    ground: 'business',
    summary: {
      'sv-SE':
        'Lägre ansvarsgräns gentemot borgenärer och längre varsel om ändringar. Kräver att du godkänner på nytt.',
      en: 'A lower limit of liability towards creditors, and longer notice of changes. Needs a new acceptance.',
    },
  })
}

function next(text: string, locale: string, effectiveFrom: string): string {
  const day = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { dateStyle: 'long', timeZone: 'UTC' })
  const head: readonly (readonly [RegExp, string])[] = [
    [
      /^Version 3\. Gäller från och med den .*$/m,
      `Version 4. Gäller från och med den ${day.format(new Date(effectiveFrom))}.`,
    ],
    [/^Version 3\. In force from .*$/m, `Version 4. In force from ${day.format(new Date(effectiveFrom))}.`],
  ]
  return [...head.filter(([words]) => words.test(text)), ...(replaced[locale] ?? [])].reduce(
    (changing, [words, instead]) => {
      if (!words.test(changing)) throw new Error(`the third version of the terms (${locale}) no longer says ${words}`)
      return changing.replace(words, instead)
    },
    text,
  )
}

/** The first day of a month, one to two months later, so that it comes after everything that the demo world has scheduled. */
function firstOfMonth(afterMs: number): string {
  const day = new Date(afterMs)
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 2, 1)).toISOString()
}
