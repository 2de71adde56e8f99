/**
 * Where data is received or kept: an officially assigned ISO 3166-1 alpha-2 country, or a region. `EU`, `UK`, `WW` and `ZZ` are not
 * assigned, and do not show which protection applies.
 */

/** `EEA`: the EU with Iceland, Liechtenstein and Norway, where the GDPR itself applies. `worldwide`: any country. */
export const regions = ['EEA', 'worldwide'] as const
export type Region = (typeof regions)[number]

/** The 249 codes in two-letter groups, as of ISO 3166-1:2020 with its newsletters. */
const codes =
  'ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZ' +
  'ECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZ' +
  'LALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQA' +
  'RERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW'

export function isCountry(text: string): boolean {
  if (!/^[A-Z]{2}$/.test(text)) return false
  // Codes are found at even offsets only: between two codes their neighbouring letters spell others.
  for (let at = codes.indexOf(text); at >= 0; at = codes.indexOf(text, at + 1)) if (at % 2 === 0) return true
  return false
}

export function isRegion(text: string): text is Region {
  return regions.some((region) => region === text)
}

/** A place where data is kept: a country or a region. */
export function isPlace(text: string): boolean {
  return isCountry(text) || isRegion(text)
}

/** Whose law applies: a country, a subdivision of one (ISO 3166-2, e.g. `US-CA`), or `EEA`. */
export function isJurisdiction(text: string): boolean {
  return text === 'EEA' || (isCountry(text.slice(0, 2)) && /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(text))
}
