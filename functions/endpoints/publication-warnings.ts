/** Warns a publisher about a text that takes the use of a site for consent. The text is published all the same. */
import { continuedUseIn, type TextOfVersion } from '../../shared/consent/continued-use.ts'
import { type Call, header } from '../http/call.ts'
import { readsSwedish } from './sentence-language.ts'

const details = {
  en: 'Using a site or an app is no consent (GDPR recital 32). An event whose act is continued-use is recorded and its yes has no effect. Ask with a control that people use themselves.',
  sv: 'Att använda en webbplats eller en app är inget samtycke (skäl 32 i GDPR). En händelse vars act är continued-use antecknas, men dess ja får ingen verkan. Fråga med en knapp eller ruta som människor själva använder.',
}

/** `{ warnings }`, or nothing when there is none. The detail is Swedish for callers that ask for it. */
export function publicationWarnings(call: Call, texts: readonly TextOfVersion[]): object {
  const found = continuedUseIn(texts)
  if (found.length === 0) return {}
  const detail = readsSwedish(header(call, 'accept-language')) ? details.sv : details.en
  return { warnings: found.map((sentence) => ({ code: 'continued-use', ...sentence, detail })) }
}
