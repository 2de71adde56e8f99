/** The English words of the page Proof. */
export const english = {
  getProof: 'Get the proof',
  introduction:
    'A proof is a file that answers one question. Anyone can verify it, without this ledger and without trusting it.',
  notVerified: 'This is what the ledger answers. Verify the file to see that its content supports it.',
  pendingTitle:
    '{count, plural, one {One recorded entry is not in the log yet} other {# recorded entries are not in the log yet}}',
  pendingNext: 'The answer does not count them. Get the proof again in two minutes.',
  earlier: 'The proof below is about your previous question.',
  answer: 'What it answers',
  file: 'The file',
  download: 'Download proof.json',
  size: '{size}. It holds the identifier and the events of this person: treat it as personal data.',
  verifyHere: 'Verify it here',
  verifyNote: 'In this browser; then you can print a report.',
} as const
