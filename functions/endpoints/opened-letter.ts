/** What a link in a letter opens: its token's grant, and the words for whoever reads the page. */
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { controllerOfToken, type LetterKind, openLetterToken } from '../../shared/ledger/letters/letter-tokens.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { type Answer, type Call, header, pathParameter } from '../http/call.ts'
import { readsSwedish, wordsIn } from '../http/language.ts'
import { letterPage } from './letter-page.ts'

export interface OpenedLetter<K extends LetterKind> {
  readonly snapshot: ControllerSnapshot
  readonly grant: NonNullable<ReturnType<typeof openLetterToken<K>>>
}

/** `undefined` for a token that this ledger did not make for such a link; which of its parts is wrong is not said. */
export async function letterOf<K extends LetterKind>(call: Call, kind: K): Promise<OpenedLetter<K> | undefined> {
  const token = pathParameter(call, 'token')
  const controller = controllerOfToken(token)
  const snapshot = controller === undefined ? undefined : await call.instance.ledger.controllers.recent(controller)
  const grant = snapshot && openLetterToken(vaultScope(snapshot), kind, token)
  return grant && { snapshot, grant }
}

/** The language of whoever reads a page or a letter. */
export interface Reader {
  readonly language: 'sv' | 'en'
  readonly say: (swedish: string, english: string) => string
}

/** @param wanted a locale, or a header Accept-Language */
export function languageOfReader(wanted: string | undefined): Reader {
  const isSwedish = readsSwedish(wanted)
  return { language: isSwedish ? 'sv' : 'en', say: (swedish, english) => (isSwedish ? swedish : english) }
}

/** The reader's language, and the titles of the link's purposes in it. */
export function readerOfLetter(
  call: Call,
  { snapshot, grant }: OpenedLetter<LetterKind>,
): Reader & { readonly titles: string } {
  const reader = languageOfReader(header(call, 'accept-language'))
  const titles = grant.purposes.map((purposeId) => titleOf(snapshot, purposeId, reader.language))
  return { ...reader, titles: titles.join(', ') }
}

/** The title of a purpose, or its id when no version declares it any more. */
export function titleOf(
  { purposes }: Pick<ControllerSnapshot, 'purposes'>,
  purposeId: string,
  language: Reader['language'],
): string {
  const declared = purposes.get(purposeId)
  return declared ? wordsIn(declared.purpose.title, language) : purposeId
}

export function notValid(call: Call): Answer {
  const { language, say } = languageOfReader(header(call, 'accept-language'))
  return letterPage(
    {
      language,
      title: say('Länken gäller inte', 'The link is not valid'),
      paragraphs: [
        say(
          'Kontrollera att hela länken kom med. Inget har ändrats.',
          'Check that the whole link was copied. Nothing was changed.',
        ),
      ],
    },
    404,
  )
}
