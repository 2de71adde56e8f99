/** What the ledger found in the strings of consent frameworks, `shared/consent/tcf-gpp-findings.ts`, as it is answered. */
import * as z from 'zod'
import { tcfVerdicts } from '../../consent/tcf-gpp-findings.ts'

const instant = z.string().meta({ format: 'date-time' })

export const tcfFinding = z
  .strictObject({
    verdict: z.enum(tcfVerdicts),
    version: z.int().optional(),
    cmpId: z.int().optional(),
    cmpVersion: z.int().optional(),
    policyVersion: z.int().optional(),
    vendorListVersion: z.int().optional(),
    created: instant.optional(),
    lastUpdated: instant.optional(),
    purposesConsent: z.array(z.int()).optional(),
    purposesLegitimateInterest: z.array(z.int()).optional(),
    vendorsConsent: z.int().optional().describe('Number of vendors with a consent; the string names them.'),
    vendorsLegitimateInterest: z.int().optional(),
    disclosedVendors: z
      .int()
      .optional()
      .describe('Absent when the string lacks the segment, which TCF 2.3 requires since 1 March 2026.'),
    undisclosedVendors: z.int().optional().describe('Number of vendors with a consent that were not disclosed.'),
  })
  .meta({ id: 'TcfFinding', description: 'The decoded TC string and a verdict on it. No decision depends on it.' })

export const gppFinding = z
  .strictObject({
    verdict: z.enum(['plausible', 'malformed']),
    sections: z.array(z.int()).optional().describe('Ids of the sections that the header announces.'),
  })
  .meta({ id: 'GppFinding', description: 'The form of the GPP string. Its sections are not decoded.' })
