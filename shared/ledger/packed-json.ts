/**
 * Compact JSON whose length shows little of its content: format 2 of sealed payloads. Random values, and words of a list, are taken out
 * of the text as binary atoms before it is deflated, so that they take few bytes and do not change how well the rest is compressed:
 *
 *   packed  number of atom bytes (2, big-endian) ‖ atoms, in the order of their marks ‖ deflated text with marks (raw, RFC 1951)
 *   marks   01  a UUID, 16 bytes              02  32 bytes in base64url         03  32 bytes in lower-case hex
 *           04  an instant, milliseconds since 1970 (6, big-endian)             05  a word of the list below (1: its index)
 *           06  an instant by its milliseconds after the instant before it (3, big-endian, two's complement)
 *
 * A mark replaces the value with its quotes. `JSON.stringify` escapes control characters, so its text contains no marks. Bytes after the
 * deflated text are padding and are not read. Two values of one shape that differ in words only are packed in equally many bytes.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** At most 256. Part of format 2: words may be appended, and none may change its index. */
const words = `requested deferred given refused withdrawn objected objection-withdrawn accepted declined acknowledged
confirmed revoked invalidated objection-overruled web ios android app phone paper api banner preference-centre form signup checkout account
conversation letter other button checkbox toggle signature spoken browser-signal continued-use single accept-all refuse-all save-choices
on off granted denied gpc served served-unbound served-expired hashed asserted assumed unmatched self guardian delegate operator
passed failed not-asked anonymous authenticated imported trusted corrected rejected device email reader subject
valid malformed unsupported-version disclosed-vendors-missing vendors-undisclosed plausible data-subject-request retention order
askConsents askTimeline askProof c15tCheck c15tSubjects createController createSite publishVersion publishPresentation retractVersion
c15tRelease eraseSubject tablet tv sms kiosk matched not-stated age-gate computer creditor debtor third-party`.split(
  /\s+/,
)

/** JSON texts by index: the words in quotes, and the two truth values. */
const atomTexts = ['false', 'true', ...words.map((word) => `"${word}"`)]
const atomIndexes = new Map(atomTexts.map((text, index) => [text, index]))

const atom = new RegExp(
  [
    '"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"',
    '"[\\w-]{43}"',
    '"[0-9a-f]{64}"',
    '"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"',
    ...atomTexts,
  ].join('|'),
  'g',
)

// biome-ignore lint/suspicious/noControlCharactersInRegex: marks are control characters, because JSON texts have none.
const marks = /[\x01-\x06]/g

/** Instants within this many milliseconds of the one before, about two hours, take 3 bytes. */
const maxNearMs = 1 << 23
const maxAtomBytes = 0xffff
/** Far more than any event or question holds; bounds what opening can cost. */
const maxTextBytes = 1 << 20

/**
 * Dictionary of deflate. Part of format 2: another dictionary is another format. It holds what most events and browsers share, the most
 * frequent last, so that a usual event takes one write unit (1 KB) instead of two.
 */
const dictionary = Buffer.from(
  `Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0 Edg/130.0.0.0 OPR/(iPad; CPU OS 18_0 like Mac OS X)
Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15
Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1
Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36
"page":"http://localhost/?utm_source=&utm_medium=&utm_campaign={"ipAddress":"192.168.0.0","userAgent":"Mozilla/5.0 (Windows NT 10.0; \
Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36","page":"https://www.
,"tcString":""gppString":""consentMode":{"ad_storage":\x05,"analytics_storage":\x05},"categories":{"noticeIssuedAt":\x06"derivedFrom":\x05
{"question":{"route":\x05,"controller":"","purposeId":"","at":\x04,"knownAt":\x06},"reader":{"type":\x05,"id":"[\\"https://","times":{"readAt":\x06
"textSha256":\x03"ground":""identity":{"type":\x05,"id":""@example.com""identity":{"type":\x05,"id":"{"policyId":"general-terms","verb":\x05},
"privacy-policy","verb":\x05},"locale":"en","presentationId":"
"initialState":{"marketing":\x05,"statistics":\x05,"preferences":\x05},"signals":{"gpc":\x05},"actor":{"role":\x05
","site":"web","decisions":[{"purposeId":"newsletter","verb":\x05},{"purposeId":"marketing-cookies","verb":\x05},\
{"purposeId":"statistics","verb":\x05},{"purposeId":"preferences","verb":\x05}],"times":{"occurredAt":\x04,\
"sentAt":\x06,"ageMs":0,"skewMs":-1,"recordedAt":\x06,"effectiveAt":\x06,\
"verdict":\x05},"who":{"actor":{"role":\x05},"assurance":\x05,"ageGate":\x05},"identity":{"type":\x05,"id":\x02\
},"link":[{"policyId":"cookie-policy","inForce":"1","shown":"1","locale":"sv-SE","grade":\x05}],"how":{"channel":\x05,\
"surface":\x05,"act":\x05,"control":\x05,"layer":1,"presentationId":"cookie-banner","initialState":\
{"marketing-cookies":\x05,"statistics":\x05,"preferences":\x05},"signals":{"gpc":\x05},"locale":"sv-SE"}}{"eventId":\x01`,
)
/** Sizes that fit an event: by default zlib takes some 300 KB for each call, and twice the time. */
const deflating = { dictionary, windowBits: 12, memLevel: 4, chunkSize: 1024 } as const
const inflating = { dictionary, windowBits: 12, chunkSize: 2048, maxOutputLength: maxTextBytes } as const

/** A JSON value. */
export function packJson(value: object): Buffer {
  const json = JSON.stringify(value)
  const marked = markAtoms(json)
  // The count has two bytes: when the atoms need more, the text stays whole.
  const { text, atoms } = marked.atoms.length > maxAtomBytes ? { text: json, atoms: Buffer.alloc(0) } : marked
  return Buffer.concat([Buffer.of(atoms.length >> 8, atoms.length & 0xff), atoms, deflateRawSync(text, deflating)])
}

/** Throws for what `packJson` did not make, in bounded time and memory. */
export function unpackJson(packed: Uint8Array): unknown {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length)
  const end = 2 + bytes.readUInt16BE(0)
  const text = inflateRawSync(bytes.subarray(end), inflating).toString()
  return JSON.parse(restoreAtoms(text, bytes.subarray(2, end)))
}

function markAtoms(json: string): { readonly text: string; readonly atoms: Buffer } {
  const taken: Buffer[] = []
  let instantMs: number | undefined
  const text = json.replace(atom, (found) => {
    const marked = wordMark(found) ?? binaryMark(found.slice(1, -1)) ?? instantMark(found.slice(1, -1), instantMs)
    if (marked === undefined) return found
    taken.push(marked.bytes)
    instantMs = marked.ms ?? instantMs
    return marked.mark
  })
  return { text, atoms: Buffer.concat(taken) }
}

interface Marked {
  readonly mark: string
  readonly bytes: Buffer
  /** Milliseconds since 1970; present when the mark is that of an instant. */
  readonly ms?: number
}

function wordMark(text: string): Marked | undefined {
  const index = atomIndexes.get(text)
  return index === undefined ? undefined : { mark: '\x05', bytes: Buffer.of(index) }
}

function binaryMark(value: string): Marked | undefined {
  if (value.length === 36) return { mark: '\x01', bytes: Buffer.from(value.replaceAll('-', ''), 'hex') }
  if (value.length === 64) return { mark: '\x03', bytes: Buffer.from(value, 'hex') }
  if (value.length !== 43) return undefined
  const bytes = Buffer.from(value, 'base64url')
  // 43 characters hold two bits more than 32 bytes: another way to write them stays as it is.
  return bytes.toString('base64url') === value ? { mark: '\x02', bytes } : undefined
}

/** `undefined` for an instant that does not exist, such as 30 February, because it would be restored as another text. */
function instantMark(value: string, beforeMs: number | undefined): Marked | undefined {
  const ms = Date.parse(value)
  if (!(ms >= 0) || new Date(ms).toISOString() !== value) return undefined
  const sinceMs = ms - (beforeMs ?? Number.NEGATIVE_INFINITY)
  const isNear = Math.abs(sinceMs) < maxNearMs
  const bytes = Buffer.alloc(isNear ? 3 : 6)
  if (isNear) bytes.writeIntBE(sinceMs, 0, 3)
  else bytes.writeUIntBE(ms, 0, 6)
  return { mark: isNear ? '\x06' : '\x04', bytes, ms }
}

function restoreAtoms(text: string, atoms: Buffer): string {
  let offset = 0
  let instantMs = 0
  const instant = (ms: number) => {
    instantMs = ms
    return `"${new Date(ms).toISOString()}"`
  }
  const take = (count: number) => {
    offset += count
    if (offset > atoms.length) throw new Error('a packed text with more marks than atoms')
    return atoms.subarray(offset - count, offset)
  }
  return text.replace(marks, (mark) => {
    switch (mark) {
      case '\x01':
        return `"${take(16)
          .toString('hex')
          .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}"`
      case '\x02':
        return `"${take(32).toString('base64url')}"`
      case '\x03':
        return `"${take(32).toString('hex')}"`
      case '\x04':
        return instant(take(6).readUIntBE(0, 6))
      case '\x06':
        return instant(instantMs + take(3).readIntBE(0, 3))
      default:
        // An unknown index leaves the mark in place, which makes `JSON.parse` throw.
        return atomTexts[take(1).readUInt8()] ?? mark
    }
  })
}
