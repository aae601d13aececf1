import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that start processes, kill them and wait for leases to end: minutes, whatever the size of the file. */
const startsProcesses = ({ moduleId, project }: TestSpecification): boolean =>
  moduleId.startsWith(`${project.config.root}/test/`);

/** A file that takes minutes must not begin when all others have ended: the other half of the machine would have nothing to do. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(startsProcesses), ...sorted.filter((file) => !startsProcesses(file))];
  }
}
