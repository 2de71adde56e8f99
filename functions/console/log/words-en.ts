/** The English words of the page Log. */
export const english = {
  introduction:
    'Everything that a controller’s ledger records becomes a leaf of that controller’s log, in which nothing is changed or removed. A checkpoint is the log’s signed statement of how many leaves it has, with one hash over all of them. Your browser checks here what the ledger serves.',
  whichLog: 'Log of',
  anotherLog: 'Another controller …',
  controllerId: 'Id of the controller',
  controllerIdHint: 'Lower-case letters, digits and hyphens, as in the address of the log.',
  ownKeys: 'Check with keys from another source',
  ownKeysField: 'Keys or policy',
  ownKeysHint:
    'Verifier keys, one a line, or a policy (c2sp.org/tlog-policy), as the controller or a colleague gave them to you. Left empty, the page takes the keys that the ledger serves.',
  open: 'Look at this log',
  lookAgain: 'Refresh',

  badKeys: 'These are no keys',
  badKeysNext: 'Paste whole lines, as the controller published them, or leave the field empty.',
  notVerified: 'This log does not verify',
  notVerifiedNext:
    'What the ledger serves is not what these keys signed. Do not rely on it. If the keys are your own, ask the controller whether a new key was announced.',

  newest: 'Newest checkpoint',
  verified: 'Signature verified',
  sentence:
    '{size, plural, =0 {The log had no leaf yet} one {The log had # leaf} other {The log had # leaves}} on {time}. This is signed.',
  sentenceUntimed:
    '{size, plural, =0 {The log has no leaf yet} one {The log has # leaf} other {The log has # leaves}}. This is signed.',
  origin: 'Log',
  root: 'Root hash',
  time: 'Time',
  noTime: 'no known witness states a time',
  signedBy: 'Signed by',
  roleLog: 'The log',
  roleWitness: 'A witness, which states the time',
  roleUnknown: 'A key that is not among those used here, so it was not checked',
  witnesses: 'Outside witnesses',
  noOutside:
    'None has signed. So nothing here shows yet that everybody is shown the same log. Until outside witnesses sign, compare this checkpoint with one that others have saved.',
  unknownOutside:
    'Keys that are not among those used here have signed, too. If they are of witnesses that you trust, paste a policy with them above: then their signatures are checked.',
  outside:
    '{count, plural, one {{names} has seen this checkpoint and signed it.} other {{names} have seen this checkpoint and signed it.}}',
  keysFromLedger:
    'The keys came from the ledger itself, so they show that the log agrees with itself. To show that it is the log that others know, paste keys from another source above.',
  keysFromReader: 'The keys are the ones that you gave.',
  saveCheckpoint: 'Save the checkpoint',
  saveKeys: 'Save the keys',

  sinceFirst:
    'This browser has not seen this log before. It remembers the checkpoint, and compares the log with it on your next visit.',
  sinceSame: 'The log is the one that this browser saw on your last visit.',
  sinceGrown:
    'Since your last visit the log gained {count, plural, one {# leaf} other {# leaves}} and kept all that it had then.',
  otherKeys: 'The keys are not those of your last visit',
  otherKeysNext:
    'They did not sign the checkpoint that this browser remembers. Either the log’s key was replaced, or this is another log under the same name. Ask whoever runs the ledger.',
  forget: 'Remember this log from now on',
  putBack: 'The log is smaller than on your last visit',
  putBackNext:
    'It had {before} leaves then, and the ledger now serves a checkpoint of {now}. A log never shrinks. Look again in a minute; if it stays so, save the checkpoint and tell others.',
  fork: 'The log was forked',
  forkNext:
    'Both checkpoints are signed, and the tree of {newer} leaves does not begin with that of {older}. A log only grows, so this must never happen. The two signed notes prove it to anyone who knows the log’s key: save both, and show them to others.',
  forkSameSize:
    'There are two signed checkpoints of {older} leaves with different roots. This must never happen. The two signed notes prove it to anyone who knows the log’s key: save both, and show them to others.',
  saveBoth: 'Save both notes',
  unread: 'Part of the log could not be read',
  wrongTiles: '{count, plural, one {A tile of the log is wrong} other {Tiles of the log are wrong}}',
  wrongTilesNext:
    '{count, plural, one {{paths} is not the tile that the signed root commits to.} other {{paths} together do not make the signed root.}} It was changed in storage or on the way. The signed checkpoint itself is good.',
  expectedHash: 'Signed:',
  foundHash: 'Served:',
  noHash: 'no tile of the right length',

  health: 'Health',
  ledger: 'Ledger',
  asking: 'Asking …',
  healthy: 'It answers, and so do its tables.',
  unhealthy: 'It does not answer as it should at present. Recording waits; nothing is lost.',
  promise: 'Promise',
  promiseIs:
    'What is recorded is in a checkpoint within {seconds} seconds. So the newest one has to hold everything that was recorded before {by}.',
  idle: 'It was signed {ago}; a log to which nothing is added gets no new one.',
  promiseCheck: 'A receipt shows whether its promise was kept',
  selfAudit: 'Self-audit',
  selfAuditIs: 'When the ledger last checked itself is known to those who run it. There is no public address for it.',

  growth: 'Growth',
  growthIs:
    '{count, plural, one {# checkpoint} other {# checkpoints}} from {from} to {to}; the signatures of each were checked here.',
  growthGaps: 'The log has more of them: between some points they were not read.',
  growthUntimed: '{count, plural, one {# more has} other {# more have}} no time, and cannot be placed.',
  growthTable: '{count, plural, one {One checkpoint} other {# checkpoints, newest first}}',
  noGrowth: 'No checkpoint states a time, so there is no growth to show.',
  leaves: 'Leaves',
  added: 'Added',
  chartIs: 'The number of leaves over time, from {from, number} to {to, number}. The table has the same numbers.',
  lookAtPoint: 'Go through the points',
  pointIs: '{time}: {size, plural, one {# leaf} other {# leaves}}, {added, number} more than at the point before.',
  noChart: 'The chart could not be loaded. The table has all of its numbers.',

  consistency: 'Two checkpoints compared',
  consistencyIs:
    'Does the later tree begin with the earlier one, leaf for leaf? The page computes it from the log’s tiles. The strongest comparison is with a checkpoint that you saved yourself.',
  earlier: 'Earlier checkpoint',
  later: 'Later checkpoint',
  checkpointOption: '{size} leaves, {time}',
  theNewest: 'The newest: {checkpoint}',
  savedOne: 'One that I saved …',
  savedNote: 'Saved checkpoint',
  savedNoteHint: 'The whole note, from the name of the log to the last signature.',
  compare: 'Compare',
  consistent:
    '{count, plural, =0 {The two are the same tree} one {The log only grew, by # leaf} other {The log only grew, by # leaves}}',
  consistentNext: 'The tree of {newer} leaves begins with that of {older}. Nothing in it was changed or removed.',
  stepTiles: '{count, plural, one {# tile} other {# tiles}} read: {paths}.',
  stepRoot: 'They make the root that the checkpoint of {size} leaves signed.',
  stepProof:
    'From them the proof of RFC 9162 was computed: {count, plural, =0 {no hash is needed} one {# hash} other {# hashes}}.',
  stepOlder: 'It leads to the root that the checkpoint of {size} leaves signed.',
  stepLeaf: 'It leads from leaf {index} to the root of the {size} leaves.',
  hashes: 'The hashes',

  leaf: 'Look up a leaf',
  noLeaves: 'The log has no leaf yet.',
  index: 'Index',
  indexHint: 'From 0 to {last}.',
  lookUp: 'Look up',
  found: 'Leaf {index} is in the signed tree of {size} leaves',
  leafHash: 'Hash of the leaf',
  entry: 'What the leaf says',
  entryClosed:
    'The controller keeps this for auditors: sign in as one to see it. It names no person in clear; a leaf has digests and a pseudonym.',
  entryWrong: 'What the ledger serves is not what was logged',
  saveLeaf: 'Save the proof of this leaf',
} as const
