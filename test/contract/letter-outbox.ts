/** What every implementation of the `LetterOutbox` port must do. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Letter, LetterOutbox } from '../../shared/ledger/letters/letter-outbox.ts'

export interface OpenedOutbox {
  readonly outbox: LetterOutbox
  /** What whoever sends letters finds. */
  letters(): Promise<readonly Letter[]>
  close(): Promise<void>
}

export function aLetter(more: Partial<Letter> = {}): Letter {
  return {
    id: randomUUID(),
    kind: 'confirmation',
    controller: { id: 'acme', name: 'Acme «& söner»' },
    to: 'kim@example.org',
    language: 'sv',
    purposes: [{ purposeId: 'newsletter', title: 'Nyhetsbrev' }],
    url: 'https://ledger.example/v1/confirmations/acme.abc',
    expiresAt: '2026-11-24T12:00:00.000Z',
    subject: 'Bekräfta: Nyhetsbrev',
    text: 'En rad.\n\n\u{1F4E8} och "en" till.\n',
    ...more,
  }
}

export function letterOutboxContract(name: string, open: () => Promise<OpenedOutbox>): void {
  describe(`an outbox of letters: ${name}`, () => {
    let opened: OpenedOutbox
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())
    const found = async (id: string) => (await opened.letters()).filter((each) => each.id === id)

    it('has a letter, whole and as it was, once it says so', async () => {
      const letter = aLetter()
      await opened.outbox.put(letter)
      expect(await found(letter.id)).toEqual([letter])
    })

    it('takes many at once, each by itself', async () => {
      const letters = Array.from({ length: 8 }, (_, i) => aLetter({ to: `kim-${i}@example.org` }))
      await Promise.all(letters.map((each) => opened.outbox.put(each)))
      for (const each of letters) expect(await found(each.id)).toEqual([each])
    })

    it('has a letter that was handed over twice under one id', async () => {
      const letter = aLetter()
      await Promise.all([opened.outbox.put(letter), opened.outbox.put(letter)])
      await opened.outbox.put(letter)
      expect(new Set((await found(letter.id)).map((each) => JSON.stringify(each)))).toEqual(
        new Set([JSON.stringify(letter)]),
      )
    })
  })
}
