/**
 * Format 1 of sealed payloads, which is read but no longer written, because its length showed what was decided: JSON, deflated (raw,
 * RFC 1951) against this dictionary. The dictionary is part of the format, so it shares no text with that of format 2.
 */
import { inflateRawSync } from 'node:zlib'

const dictionary = Buffer.from(
  `Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0 Edg/130.0.0.0 OPR/(iPad; CPU OS 18_0 like Mac OS X)
Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15
Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1
Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36
"page":"http://localhost/?utm_source=&utm_medium=&utm_campaign={"ipAddress":"192.168.0.0","userAgent":"Mozilla/5.0 (Windows NT 10.0; \
Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36","page":"https://www.
"acknowledged"accepted"declined"objected"withdrawn"deferred"requested"imported"operator"authenticated"confirmed"corrected"rejected"asserted
"unmatched"assumed"hashed"served-expired"served-unbound","textSha256":""passed"tcString":""gppString":""noticeIssuedAt":""derivedFrom":"gpc"
"android"ios"app"phone"paper"api","surface":"preference-centre"form"signup"account"toggle"checkbox"signature"single"refuse-all"accept-all
"identity":{"type":"email","id":""identity":{"type":"account","id":"{"policyId":"general-terms","verb":"accepted"},"locale":"en","presentationId":"
"initialState":{"marketing":"off","statistics":"off","preferences":"on"},"signals":{"gpc":true},"actor":{"role":"guardian"delegate
","site":"web","decisions":[{"purposeId":"newsletter","verb":"withdrawn"},{"purposeId":"marketing-cookies","verb":"refused"},\
{"purposeId":"statistics","verb":"given"},{"purposeId":"preferences","verb":"given"}],"times":{"occurredAt":"2026-01-01T00:00:00.000Z",\
"sentAt":"2026-01-01T00:00:00.000Z","ageMs":0,"skewMs":-1,"recordedAt":"2026-01-01T00:00:00.000Z","effectiveAt":"2026-01-01T00:00:00.000Z",\
"verdict":"trusted"},"who":{"actor":{"role":"self"},"assurance":"anonymous","ageGate":"not-asked"},"identity":{"type":"device","id":"\
"},"link":[{"policyId":"cookie-policy","inForce":"1","shown":"1","locale":"sv-SE","grade":"served"}],"how":{"channel":"web",\
"surface":"banner","act":"button","control":"save-choices","layer":1,"presentationId":"cookie-banner","initialState":\
{"marketing-cookies":"off","statistics":"off","preferences":"off"},"signals":{"gpc":false},"locale":"sv-SE"}}{"eventId":"`,
)

/** Far more than any event, read or erasure holds; bounds what opening can cost. */
const maxTextBytes = 1 << 20
const inflating = { dictionary, windowBits: 12, chunkSize: 2048, maxOutputLength: maxTextBytes } as const

export function unpackFormat1(packed: Uint8Array): unknown {
  return JSON.parse(inflateRawSync(packed, inflating).toString())
}
