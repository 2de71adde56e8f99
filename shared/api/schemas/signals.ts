/** What the ledger found in the strings of consent frameworks, as it is answered. */
import * as z from 'zod'
import * as findings from '../../consent/tcf-gpp-findings.ts'
import { zodRecord } from '../../consent/zod-schema.ts'
import { inAnswer } from './in-answer.ts'

export const tcfFinding = zodRecord(findings.tcfFinding, inAnswer, {
  vendorsConsent: z.int().optional().describe('Number of vendors with a consent; the string names them.'),
  disclosedVendors: z
    .int()
    .optional()
    .describe('Absent when the string lacks the segment, which TCF 2.3 requires since 1 March 2026.'),
  undisclosedVendors: z.int().optional().describe('Number of vendors with a consent that were not disclosed.'),
}).meta({ id: 'TcfFinding', description: 'The decoded TC string and a verdict on it. No decision depends on it.' })

export const gppFinding = zodRecord(findings.gppFinding, inAnswer, {
  sections: z.array(z.int()).optional().describe('Ids of the sections that the header announces.'),
}).meta({ id: 'GppFinding', description: 'The form of the GPP string. Its sections are not decoded.' })
