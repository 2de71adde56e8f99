/** Places in requests of administration, checked against their lists. Separate from the other scalars, which all functions load. */
import * as z from 'zod'
import { isCountry, isJurisdiction, isPlace, regions } from '../../consent/countries.ts'

const someCountry = 'an ISO 3166-1 alpha-2 country, e.g. SE'

export const country = z
  .string()
  .refine(isCountry, { error: `not ${someCountry}`, params: { allowed: [someCountry] } })
  .meta({ id: 'Country', description: 'ISO 3166-1 alpha-2.' })

export const region = z.enum(regions).meta({ id: 'Region' })

export const place = z
  .string()
  .refine(isPlace, { error: 'not a country or a region', params: { allowed: [someCountry, ...regions] } })
  .meta({ id: 'Place', description: `ISO 3166-1 alpha-2, or ${regions.join(' or ')}.` })

export const jurisdiction = z
  .string()
  .refine(isJurisdiction, {
    error: 'not a country, a subdivision of one, or EEA',
    params: { allowed: [someCountry, 'a subdivision, e.g. US-CA', 'EEA'] },
  })
  .meta({ id: 'Jurisdiction', description: 'ISO 3166-1 alpha-2, ISO 3166-2, or EEA.' })
