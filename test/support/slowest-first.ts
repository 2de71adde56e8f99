/** The order of test files: the slow ones start first, because one that starts late runs alone at the end while the other cores wait. */
import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take half a minute or more on two cores, the slowest first. */
export const slowFiles = [
  'test/faults/faults.test.ts',
  'test/shared/ledger/retention/apply-retention.test.ts',
  'test/e2e/tampering.test.ts',
  'test/infra/packages.test.ts',
  'test/infra/cost/usage.test.ts',
  'test/contract/dynamodb.test.ts',
  'test/shared/tlog/proofs.test.ts',
  'test/shared/ledger/audit/attributes.test.ts',
  'test/infra/local/graceful-shutdown.test.ts',
  'test/bench/scale.test.ts',
  'test/infra/administration/administration.test.ts',
  'test/infra/cdk-package.test.ts',
  'test/e2e/forgotten.test.ts',
  'test/infra/app.test.ts',
  'test/shared/ledger/audit/damage.test.ts',
  'test/infra/misuse.test.ts',
  'test/infra/bundle/bundles.test.ts',
  'test/infra/bundle/on-dynoxide.test.ts',
  'test/readme.test.ts',
]

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) => {
      const place = slowFiles.indexOf(relative(project.config.root, moduleId))
      return place < 0 ? slowFiles.length : place
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}
