/** The log's part of the report for people. */
import { grid } from './grid.ts'
import type { LogMeasured } from './log.ts'

export function logTablesOf({ hashing, growth, sequencer, proofs, verify, writes }: LogMeasured): string[] {
  const lines: string[] = []
  if (hashing)
    lines.push(
      `log, leaf hashing and tree: ${hashing.treeLeavesPerSecond} leaves/s over ${hashing.leaves} leaves of ${hashing.leafBytes} B, ` +
        `raw SHA-256 over the same bytes ${hashing.rawLeavesPerSecond}/s: ${hashing.toRaw}`,
    )
  if (growth)
    lines.push(
      `log, tree and tiles alone: ${growth.leavesPerSecond} leaves/s to ${growth.leaves} leaves of ${growth.leafBytes} B; ` +
        `${growth.objects} objects, ${growth.objectBytesPerLeaf} B a leaf`,
    )
  if (sequencer) {
    const head = ['sequencer, events', 'a cycle', '/s', 'calls', 'write units', 'objects', 'us', 'engine us', 'file B']
    const times = ['sequence ms', 'publish ms', 'longest', 'RSS MB 10 %', 'end', 'engine MB 10 %', 'end']
    const rows = sequencer.map((run) => [
      ...[run.events, run.eventsPerCycle, run.eventsPerSecond, run.callsPerEvent, run.writeUnitsPerEvent],
      ...[run.objectWritesPerEvent, run.cpuMicrosPerEvent, run.engineCpuMicrosPerEvent, run.fileBytesPerEvent],
      ...[run.sequenceMs, run.publishMs, run.longestPublishMs],
      ...[run.memory.atTenth.processMB, run.memory.atEnd.processMB],
      ...[run.memory.atTenth.engineMB, run.memory.atEnd.engineMB],
    ])
    lines.push('', grid([...head, ...times], rows))
  }
  if (proofs) {
    const rows = (['warm', 'cold'] as const).map((tiles) => {
      const { proofs: count, p50Ms, p99Ms, callsPerProof, objectReadsPerProof } = proofs[tiles]
      return [tiles, proofs.size, count, p50Ms, p99Ms, callsPerProof, objectReadsPerProof]
    })
    lines.push('', grid(['proof, tiles', 'leaves', 'proofs', 'p50 ms', 'p99 ms', 'calls', 'object reads'], rows))
  }
  if (verify) {
    const { node, chromium, proofBytes } = verify
    const row = (where: string, times: typeof node) => [
      ...[where, proofBytes, times.verifications, times.firstMs, times.p50Ms, times.p99Ms],
    ]
    const head = ['verifying a proof in', 'bytes', 'times', 'first ms', 'p50 ms', 'p99 ms']
    const browser = 'p50Ms' in chromium ? [row(`Chromium ${chromium.version}`, chromium)] : []
    lines.push('', grid(head, [row('Node', node), ...browser]))
    if ('notMeasured' in chromium) lines.push(`verifying in Chromium: not measured, ${chromium.notMeasured}`)
  }
  if (writes) {
    const rows = writes.series.map(({ id, on, off, onToOff }) => [
      ...[id, writes.concurrency, on.perSecond, off.perSecond, onToOff, on.p99Ms, off.p99Ms],
      ...[on.serverCpuMicros, off.serverCpuMicros, on.enginesCpuMicros, off.enginesCpuMicros],
    ])
    const head = ['writes', 'c', 'log on /s', 'off /s', 'on to off', 'on p99 ms', 'off p99 ms']
    lines.push('', grid([...head, 'on server us', 'off', 'on engines us', 'off'], rows))
    lines.push(`the server ends in ${writes.stopMs.on} ms with the log, in ${writes.stopMs.off} ms without`)
  }
  return lines
}
