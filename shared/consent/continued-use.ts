/**
 * Finds sentences in a policy's text, in Swedish or English, that treat using a site as consent. Using a site is not consent (GDPR recital 32;
 * EDPB, Guidelines 05/2020, paragraph 86), and the fold gives such a yes no effect. The finding is a hint for the publisher and does not
 * stop the publication.
 */

export interface TextOfVersion {
  readonly locale: string
  readonly text: string
}

export interface ContinuedUse {
  readonly locale: string
  /** The sentence, shortened. */
  readonly quote: string
}

/** Maximum number of reported sentences, over all texts. */
const maxFound = 5
/** In characters. */
const maxQuote = 300

/** A sentence needs a match of `use` and one of `consent`. They are two expressions, so that the work is linear in the text's length. */
const use =
  /genom att (fortsätta (att )?)?(använda|besöka|surfa)|fortsatt användning|(när|om) du (fortsätter|använder|besöker)|by (continuing|using|visiting|browsing|accessing)|(when|if) you (continue|use|visit|browse)|continued use/iu
const consent =
  /samtycker du|du samtycker|ger du (oss )?ditt samtycke|som (ett |ditt )?samtycke|godkänner du|du godkänner|accepterar du|du accepterar|you (hereby )?(consent|agree|accept)|(as|constitutes|means|deemed|considered) (your |an? )?(consent|acceptance|agreement)/iu
const negation = /(?<!\p{L})(inte|aldrig|ej|inget|not|never|no)(?!\p{L})/iu

export function continuedUseIn(texts: readonly TextOfVersion[]): ContinuedUse[] {
  return texts
    .flatMap(({ locale, text }) => sentencesIn(text).map((quote) => ({ locale, quote })))
    .filter(({ quote }) => use.test(quote) && consent.test(quote) && !negation.test(quote))
    .slice(0, maxFound)
    .map(({ locale, quote }) => ({ locale, quote: quote.slice(0, maxQuote).toWellFormed() }))
}

function sentencesIn(text: string): string[] {
  return text
    .normalize('NFC')
    .split(/[.!?](?:\s|\*|<|$)|\n\s*\n|\n(?=[-#|])/u)
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
}
