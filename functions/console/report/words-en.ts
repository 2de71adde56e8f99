/** The English words of the printed report. */
export const english = {
  print: 'Print a report',
  printNote: 'On paper or as PDF: the question, the answer, the steps, and how anyone can verify the file again.',
  title: 'Report on a consent proof',
  madeOn: 'Verified on {at}, in a browser, without a network.',
  answer: 'Question and answer',
  steps: 'Steps that were verified',
  file: 'The file',
  keys: 'Keys that were trusted',
  ownKeys:
    'These keys are the ledger’s own. Keys from another source would show more: that it gives everybody the same ones.',
  again: 'Verify it again',
  againPage: 'On a page: open this address, or scan the code, and choose the file. The page checks it in the browser.',
  againCommand: 'In a terminal, without a network, with keys from a source that you trust:',
  againHash: 'It is the same file if its SHA-256 is the one above.',
  qr: 'QR code of the address {address}',
  text: 'Text of version {version} ({locale})',
} as const
