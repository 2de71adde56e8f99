/**
 * The English sentences of findings that are `ok` or a note, by code. The code is stable; a sentence may be reworded. `{name}` stands for a value,
 * `{name|one|many}` for a number with its word, `{name?one|many}` for the word alone.
 */
export const findings = {
  'unreadable-no-stands': 'The ledger holds what it cannot read: {names}. The no stands all the same.',
  'said-provisional':
    "The file says that what is known at {knownAt} may still grow; without a time for the checkpoint that is the operator's word.",
  'said-settled':
    "The file says that what is known at {knownAt} is settled; without a time for the checkpoint that is the operator's word.",
  'times-operators-word': "Times are the operator's word: no outside witness of your policy cosigned.",
  'other-times-operators-word':
    "When {count|other checkpoint|other checkpoints} of the file came to be is the operator's word: no outside witness of your policy cosigned {count?it|them}.",
  'times-witnessed': 'Times are the word of the operator, to within {seconds} s, and of {names}.',
  'none-late': 'No signed note in the file shows {count?the leaf|any leaf} to be later than the time that it states.',
  'some-late':
    '{count|leaf|leaves} of {all} came late to the log: known only from the first checkpoint that has {count?it|each}.',
  'no-event': 'The file has no event of this person.',
  'event-leaves-exact':
    '{count|event leaf has|event leaves have} the exact bytes that their members make, all of one pseudonym (sub).',
  'device-as-asked': 'The events that cover the question are of the device secret with the SHA-256 {id}, as asked.',
  'identifier-as-asked': 'The events that cover the question are of the identifier of type {type} {id}, as asked.',
  'pending-open': 'Recorded {recordedAt}, and not in the checkpoint: {what}. The log promises to have it by {until}.',
  'pending-overdue':
    'Recorded {recordedAt}, and not in the checkpoint: {what}. The log promised to have it by {until}, which is past: the promise is broken, unless a newer proof has it. Ask for one.',
  'pending-broken':
    'Recorded {recordedAt}, and not in the checkpoint: {what}. The promise to have it by {until} is broken: at {seenAt} the log did not have it.',
  'published-by-rule':
    '{published} of the policy: the log has the very records in the file, and they keep the rules of publication.',
  'mandate-stood': 'The log has the mandate {named}, and it stood for the yes to {target}.',
  'mandate-did-not-stand': 'The log has the mandate {named}, and it did not stand for the yes to {target}: {lack}.',
  'manifest-opened': 'The disclosure opens manifest {number} of what retention destroyed: {went}.',
  'changed-and-undone': 'The file was changed on its way: {changes}. That was undone.',
  'answer-recomputed': 'The recorded events amount to the answer in the file, member by member: {status}.',
  'completion-reported':
    'The receiver {endpoint} reported at {reportedAt} that it acted on {event} at {completedAt}: the log has the report as leaf {index}.',
  'more-completions': 'And {count|earlier report|earlier reports}, which the log has, too.',
  'completions-by-word':
    'That a receiver acted, and when, is its own statement. That no other report was left out is not shown by this file.',
  'texts-match': 'Each text has the hash that its version names.',
  'known-provisional':
    'Provisional: the newest checkpoint is not yet {seconds} s past {knownAt}, so what is known at that instant may still grow.',
  'completeness-not-proven':
    'Completeness is not proven: these are at least the events and versions; that none is left out is not shown by this file.',
  'proves-record-only':
    'It proves nothing about other pseudonyms of the same person; a receipt that the person holds can. It shows what is recorded, not whether it is valid in law.',
  'clock-was-ahead':
    "{count|leaf states|leaves state} a time after the log had {count?it|them}: the clock that stamped {count?it|them} was wrong, and the log's time counts.",
  'clock-set-back': "The log's clock was wrong before size {size}: it was set back from {until} to {from}.",
  'checkpoint-signed': 'The log {origin} signed a tree of {size}, made {made}.',
  'checkpoint-time-unknown':
    "No known witness cosigned the checkpoint, so its time cannot be checked. Give the key of the operator's witness, or a policy with outside witnesses, to check times too.",
  'checkpoint-from-future': 'The checkpoint is from after {now}, when it is read: one of the two clocks is wrong.',
  'checkpoint-counts': 'The checkpoint is from before {knownAt}: it is the one that counts.',
  'no-checkpoint-yet': 'The file says that the log had no checkpoint yet at {knownAt}, which it cannot prove.',
  'checkpoint-order-unknown': 'Whether the checkpoint is from before {knownAt} cannot be checked.',
  'prefix-time-unknown': 'The tree of {size} is a prefix of the newest; when it was made cannot be checked.',
  'prefix-picked': 'The newest checkpoint by {knownAt} is that of {size}, and a prefix of the newest.',
  'events-opened':
    'Every disclosure opens a digest that its leaf committed to, and every event says what it covers: {covering} of {all} cover the question.',
  'others-closed':
    'The same events also put {count|other purpose or policy|other purposes or policies} to the person; {count?its decision stays|their decisions stay} closed.',
  'identity-unshown':
    'No event covers the question, so no event shows whom it is of: only that all have one pseudonym.',
  'times-follow': 'The effective time of each event follows from the times that it states.',
  'leaves-included': "{count|leaf is|leaves are all} in the log's tree of {size}: each proof leads to the signed root.",
  'joint-recomputed':
    '{count|linked subject is|linked subjects are} proven by both sides of each link, and together they amount to the joint answer: {status}.',
  'joint-contradiction':
    'One of them alone says yes and another no. The joint answer follows the later act, and at one instant the no.',
  'links-completeness': 'That no other link, and no end of one, was left out is not shown by this file.',
  'locale-without-text':
    '{what} states the locale {locale}, in which version {version} has no text: which text was shown is not evidenced.',
  'links-follow':
    'The versions in force and shown are those that follow from what was published when {count|event|events} that {count?covers|cover} the question {count?was|were} recorded.',
  'served-by-word':
    "That the text was served to the person is the operator's word in {count|event|events}: notice tokens are the operator's own.",
  'decided-under-mandates':
    'Somebody else decided for the person, under mandates on record: {mandates}. Who recorded them stays closed.',
  'more-pending': 'And {count} more, which are not in the checkpoint either.',
  'presentations-absent':
    'Events name {names} as what was presented; no such presentation of this policy is in the file.',
  'mandate-not-in-file':
    'The event names the mandate {named}, which is not in this file. Fetch the receipt again later to get it.',
  'form-proof': 'The file has the form of consent-proof@1, and nothing more.',
  'form-receipt': 'The file has the form of consent-receipt@1.',
  'leaf-exact': 'The leaf has the exact bytes that its members make.',
  'record-matches': 'What its record says of the event is what the disclosures say.',
  'receipt-opened': 'Every disclosure opens a digest that the leaf committed to: {names} of {expected}.',
  'clear-part-matches': 'What the receipt says in clear is what its disclosures say.',
  'event-included': 'The log has the event, as leaf {index}.',
  'record-unsigned':
    "What the record says of the purposes and parties, and the effect of each decision, is the operator's summary: neither the log nor a signature holds it.",
  promised: 'The log {origin} promised at {at} to have the event by {until}.',
  'record-signed':
    'The record and the effect of each decision are those that the ledger signed: its summary, not the log’s.',
  'promise-not-yet-due': 'The newer checkpoint was made {made}: it does not show that the promise ran out.',
  'promise-open': 'The log need not have the event yet. Fetch the receipt again later to get the proof.',
  'receipts-valid': 'Each of {count|receipt|receipts} is valid by itself.',
  'form-receipts': 'The file has the form of an answer with receipts.',
  'own-record-receipts-only':
    'Only the receipts of a person’s own record are verified; the rest of it is the word of the ledger.',
  'more-receipts': 'The ledger had more receipts than these: the next page is another file.',
  'receipts-unreadable': 'The ledger named {count|row|rows} that it could not read: of these there is no receipt.',
  'events-refused': 'Of {count|event|events} {refused} were refused, and have no receipt.',
  'form-tlog-proof': 'The file has the form of c2sp.org/tlog-proof@v1.',
  'leaf-included': 'The log has the leaf, at index {index}.',
  'no-disclosures': 'No disclosures are given: the leaf is in the log, and what it commits to stays closed.',
  'leaf-opened': '{count|disclosure opens|disclosures open} what the leaf committed to.',
} as const
