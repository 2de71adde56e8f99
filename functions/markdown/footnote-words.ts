/** The few words that a rendered text has of its own. */

/** In the language of the page around the text. */
export interface FootnoteWords {
  readonly footnotes: string
  /** Accessible name of the link from a note back to the text. */
  readonly backTo: (number: number) => string
}

export const footnoteWords: Readonly<Record<'en' | 'sv', FootnoteWords>> = {
  en: { footnotes: 'Footnotes', backTo: (number) => `Back to the text, note ${number}` },
  sv: { footnotes: 'Fotnoter', backTo: (number) => `Tillbaka till texten, not ${number}` },
}
