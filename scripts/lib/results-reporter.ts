import type { SerializedError } from 'vitest';
import type { Reporter, TestModule, Vitest } from 'vitest/node';
import { type FileResult, mergeResults, type NamedResult, type TestState } from './test-results.ts';

function testsOf(module: TestModule): NamedResult[] {
  return [...module.children.allTests()].map((test) => {
    const { state } = test.result();
    return { name: test.fullName, state: state === 'pending' ? 'skipped' : state };
  });
}

const count = (tests: readonly NamedResult[], state: TestState): number =>
  tests.filter((test) => test.state === state).length;

const firstLine = (errors: readonly { readonly message: string }[] | undefined): string =>
  errors?.[0]?.message.split('\n', 1)[0] ?? 'no reason given';

/** A file that fails to load, or whose hooks fail, has no failed test of its own. */
function failuresOf(module: TestModule): string[] {
  const where = `${module.project.name} ${module.relativeModuleId}`;
  const failures = [...module.children.allTests()].flatMap((test) => {
    const { state, errors } = test.result();
    return state === 'failed' ? [`${where} > ${test.fullName}: ${firstLine(errors)}`] : [];
  });
  if (module.state() !== 'failed' || failures.length > 0) return failures;
  return [`${where}: ${firstLine(module.errors())}`];
}

/** Writes `.test-results/results.json` for `npm run contract` and the continuous integration script. */
export class ResultsReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const vitest = this.#vitest;
    // With a name pattern most tests are skipped, which says nothing about them.
    if (vitest === undefined || vitest.config.testNamePattern !== undefined) return;
    const endedAt = new Date().toISOString();
    const files: Record<string, Record<string, FileResult>> = {};
    const all: NamedResult[] = [];
    const failures = unhandledErrors.map((error) => `outside any test: ${firstLine([error])}`);
    for (const module of modules) {
      const tests = testsOf(module);
      files[module.relativeModuleId] = { ...files[module.relativeModuleId], [module.project.name]: { endedAt, tests } };
      all.push(...tests);
      failures.push(...failuresOf(module));
    }
    mergeResults(vitest.config.root, {
      files,
      lastRun: {
        endedAt,
        files: modules.length,
        passed: count(all, 'passed'),
        failed: failures.length,
        failures,
        skipped: count(all, 'skipped'),
      },
    });
  }
}
