/** What scenes 12 to 14 say, in English and in Swedish. */
import { inBoth } from './words.ts'

export const otherWords = inBoth({
  en: {
    scene: 'The other controller knows nothing of her: one ledger, and no common file on anybody',
    ljungsten: 'Ljungsten asks: does her consent to our newsletter stand?',
    tallmo: 'Tallmo asks the same, of the same account and its own newsletter.',
    across: 'Ljungsten’s auditor asks what Tallmo knows of her.',
  },
  sv: {
    scene: 'Det andra företaget vet inget om henne: ett register, men ingen gemensam akt om någon',
    ljungsten: 'Ljungsten frågar: gäller hennes samtycke till vårt nyhetsbrev?',
    tallmo: 'Tallmo frågar detsamma, om samma konto och sitt eget nyhetsbrev.',
    across: 'Ljungstens granskare frågar vad Tallmo vet om henne.',
  },
})

export const proveWords = inBoth({
  en: {
    scene: 'The auditor gets a proof: what the question needs is opened, everything else stays closed',
    question: 'Prove where the visitor stands on statistics. (To ask is itself recorded.)',
    header: ['recorded', 'about', 'digests', 'opened', 'closed', 'leaf'],
    closed: (n: number) => `${n} disclosures: what she decided besides, her IP address, browser and page`,
    texts: (versions: number, texts: string) =>
      `the ${versions} versions published, and the text that she was served: ${texts}`,
    text: (version: string, locale: string) => `version ${version} in ${locale}`,
    size: (plain: string, compressed: string, events: number) =>
      `${plain}, compressed ${compressed}, for ${events} events`,
    verified: (steps: number, verdict: string) => `offline, by the log’s public key: ${steps} steps, ${verdict}`,
    inTheLog: (origin: string, size: number) => `each leaf is proven to be in ${origin} at tree size ${size}`,
    complete: { 'not-proven': 'not-proven' },
    pending: (n: number) => `${n} recorded, and not in the log yet`,
    nothing: 'nothing',
  },
  sv: {
    scene: 'Granskaren får ett bevis: det som frågan kräver öppnas, allt annat förblir stängt',
    question: 'Bevisa var besökaren står om statistik. (Att fråga antecknas också.)',
    header: ['antecknad', 'om', 'hashar', 'öppna', 'stängda', 'löv'],
    closed: (n) => `${n} uppgifter: vad hon beslutade i övrigt, hennes IP-adress, webbläsare och sida`,
    texts: (versions, texts) => `de ${versions} publicerade versionerna, och texten som hon fick se: ${texts}`,
    text: (version, locale) => `version ${version} på ${locale}`,
    size: (plain, compressed, events) => `${plain}, komprimerat ${compressed}, för ${events} händelser`,
    verified: (steps, verdict) => `utan nät, med loggens publika nyckel: ${steps} steg, ${verdict}`,
    inTheLog: (origin, size) => `varje löv finns bevisligen i ${origin} vid trädstorlek ${size}`,
    complete: { 'not-proven': 'inte bevisat (not-proven)' },
    pending: (n) => `${n} antecknade som inte finns i loggen ännu`,
    nothing: 'inget',
  },
})

export const mistakeWords = inBoth({
  en: { scene: 'An error says what was wrong, what was given and what is allowed' },
  sv: { scene: 'Ett fel säger vad som var fel, vad som angavs och vad som är tillåtet' },
})
