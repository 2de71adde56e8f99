/**
 * The hook by which letters leave the ledger, and the only way of a confirmation token out of it: no answer holds one.
 *
 * `LetterOutbox` has two implementations: a folder of files on one machine (`infra/local/data/mailbox-folder.ts`) and an EventBridge bus
 * (`functions/aws/event-bus-outbox.ts`). Both pass `test/contract/letter-outbox.ts`.
 */

/** A letter that asks a person to confirm, ready to be sent. It holds an address and a token, so nobody but its person should keep it. */
export interface Letter {
  /** UUID. A letter with the same id is the same letter, handed over again after a crash or an answer that was lost. */
  readonly id: string
  readonly kind: 'confirmation'
  readonly controller: { readonly id: string; readonly name: string }
  /** E-mail address, as the caller wrote it. */
  readonly to: string
  readonly language: 'sv' | 'en'
  readonly purposes: readonly { readonly purposeId: string; readonly title: string }[]
  /** The page on which the person confirms. */
  readonly url: string
  /** RFC 3339: the link works until then. */
  readonly expiresAt: string
  readonly subject: string
  readonly text: string
}

export interface LetterOutbox {
  /**
   * Hands a letter over. When this resolves the letter is durable outside the ledger. It is handed over at least once: the
   * sender of letters drops an id that it has sent.
   *
   * @throws `unavailable`: whether it was handed over is not known
   */
  put(letter: Letter): Promise<void>
}
