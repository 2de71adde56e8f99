/**
 * Everyone who receives data from Ljungsten Inkasso AB. All companies are invented. A processor acts for Ljungsten; a
 * controller decides for itself. A country outside the EEA names the transfer's safeguard.
 */

import type { Recipient } from '../../../../shared/consent/purpose.ts'

const contractualClauses = 'standard contractual clauses'

export const hosting = processor('Molnfjäll Drift AB', 'SE')
export const printing = processor('Pappersvik Print AB', 'SE')
export const messaging = processor('Brevduva Messaging ApS', 'DK')
export const digitalMailbox = processor('Postluckan Digital AB', 'SE')
export const electronicIdentity = processor('Skarv Legitimering AB', 'SE')
/** From version 3 of the general terms, in place of the one above. */
export const nextElectronicIdentity = processor('Fackelblom Legitimering AB', 'SE')
export const webAnalytics = processor('Lupin Analytics GmbH', 'DE')
export const paymentService = controller('Bryggan Betalningar AB', 'payment institution', 'SE')

export const groupFinland: Recipient = { ...processor('Ljungsten Finance Oy', 'FI'), type: 'group company' }
export const groupIndia: Recipient = {
  ...processor('Ljungsten Services India Pvt Ltd', 'IN'),
  type: 'group company',
  transfer: contractualClauses,
}
export const groupUnitedStates: Recipient = {
  ...processor('Ljungsten Support Inc.', 'US'),
  type: 'group company',
  transfer: contractualClauses,
}
/** From 2025, when the company had certified itself. */
export const groupUnitedStatesCertified: Recipient = {
  ...groupUnitedStates,
  transfer: 'adequacy decision (EU-US Data Privacy Framework)',
}

export const creditor = controller('The creditor of the case', 'creditor', 'SE')
export const creditBureau = controller('Omdömesbyrån Granit AB', 'credit bureau', 'SE')
export const lawFirm = controller('Advokatfirman Rönnklint AB', 'law firm', 'SE')
export const enforcementAuthority = controller('Kronofogdemyndigheten', 'authority', 'SE')
export const taxAgency = controller('Skatteverket', 'authority', 'SE')
export const police = controller('Polismyndigheten', 'authority', 'SE')
export const financialSupervision = controller('Finansinspektionen', 'authority', 'SE')
export const privacyAuthority = controller('Integritetsskyddsmyndigheten', 'authority', 'SE')
export const courts = controller('Swedish courts', 'court', 'SE')
export const auditors = controller('Revisionsbyrån Kvistbro AB', 'auditor', 'SE')

/** Partners get data only from people who said yes to it. */
export const invoicePartner: Recipient = {
  ...controller('Fakturahuset Glimmer AB', 'partner', 'SE'),
  reliesOnConsent: true,
}
export const budgetPartner: Recipient = {
  ...controller('Plånboken Budgetråd AB', 'partner', 'SE'),
  reliesOnConsent: true,
}
/** From privacy policy version 3. */
export const loanPartner: Recipient = {
  ...controller('Sjömärket Finans Oy', 'partner', 'FI'),
  reliesOnConsent: true,
}
/** From cookie policy version 2. */
export const advertising: Recipient = {
  party: 'Vindflöjel Ads Inc.',
  type: 'advertising network',
  role: 'joint-controller',
  reliesOnConsent: true,
  country: 'US',
  transfer: contractualClauses,
}

/** They get figures and de-identified data, and nothing that points at a person. */
export const creditorsAndPartners: Recipient = {
  party: 'Creditors and partners',
  type: 'partner',
  role: 'controller',
  reliesOnConsent: false,
  region: 'EEA',
  forms: ['de-identified', 'aggregated'],
}
export const readersOfFigures: Recipient = {
  party: 'Readers of our published figures',
  type: 'public',
  role: 'controller',
  reliesOnConsent: false,
  region: 'worldwide',
  transfer: 'none needed: figures are not personal data',
  forms: ['aggregated'],
}

function processor(party: string, country: string): Recipient {
  return { party, type: 'service provider', role: 'processor', reliesOnConsent: false, country }
}

function controller(party: string, type: string, country: string): Recipient {
  return { party, type, role: 'controller', reliesOnConsent: false, country }
}
