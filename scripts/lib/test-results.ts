import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type TestState = 'passed' | 'failed' | 'skipped';

export interface NamedResult {
  /** The full name, suites included. */
  readonly name: string;
  readonly state: TestState;
}

export interface FileResult {
  readonly endedAt: string;
  readonly tests: readonly NamedResult[];
}

export interface RunTotals {
  readonly endedAt: string;
  readonly files: number;
  readonly passed: number;
  /** Failed tests, files that could not be run, and errors outside any test. */
  readonly failed: number;
  /** A line for each of these: which project, file and test, and the first line of why. */
  readonly failures: readonly string[];
  readonly skipped: number;
}

/** By the project of vitest.config.ts that ran it: a file that runs on several stores has a result of each. */
export type FileResults = Readonly<Partial<Record<string, FileResult>>>;

/** What `.test-results/results.json` holds: the last results of every file, and the totals of the last run. */
export interface TestResults {
  readonly files: Readonly<Record<string, FileResults>>;
  readonly lastRun: RunTotals;
}

const resultsFile = (root: string): string => join(root, '.test-results', 'results.json');

/** undefined if no test has run in this checkout. */
export function readResults(root: string): TestResults | undefined {
  const path = resultsFile(root);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as TestResults) : undefined;
}

/** Puts the files of one run over those of earlier runs, so that running one file does not forget the others. */
export function mergeResults(root: string, run: TestResults): void {
  const path = resultsFile(root);
  const merged: TestResults = { files: mergeFiles(readResults(root)?.files ?? {}, run.files), lastRun: run.lastRun };
  mkdirSync(dirname(path), { recursive: true });
  // Two runs at once lose at most one file's results, never the form of the file.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(merged, undefined, 1)}\n`);
  renameSync(draft, path);
}

function mergeFiles(before: TestResults['files'], now: TestResults['files']): TestResults['files'] {
  const fresh = Object.entries(now).map(([file, results]) => [file, { ...before[file], ...results }] as const);
  return { ...before, ...Object.fromEntries(fresh) };
}
