import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readChecklists, type Tag, tagsIn } from './lib/checklists.ts';
import { type CoverageReport, type LineState, type PageReport, reportCoverage } from './lib/coverage-report.ts';
import { findTestProjects } from './lib/test-projects.ts';
import { type NamedResult, readResults, type TestResults } from './lib/test-results.ts';

/**
 * `npm run contract`: which lines of the contracts' acceptance checklists have a passing test that names them.
 * `-- --page v5` shows one page, `-- --json` prints one JSON object. Fails if a test that names a line failed, or if a test
 * names a line that does not exist.
 */

const usage = `npm run contract -- [options]
  --page NAME   show one page, e.g. v5
  --json        print one JSON object
  --help        print this
Reads the results of the last test runs in this checkout; where there are none, all tests are run first, which takes many minutes.`;

const root = process.cwd();
const marks: Readonly<Record<LineState, string>> = { passing: 'pass', failing: 'FAIL', unrun: '????', none: '----' };
const textWidth = 96;

function resultsOrRun(): { results: TestResults; source: string } {
  const known = readResults(root);
  if (known !== undefined) return { results: known, source: `last run ended ${known.lastRun.endedAt}` };
  // The reporter writes the results; what the run prints belongs beside this report, not into it.
  spawnSync('vitest', ['run'], { stdio: ['ignore', 2, 2] });
  const results = readResults(root);
  if (results === undefined) throw new Error('The tests could not be run: no results were written.');
  return { results, source: 'no results were there, so all tests were run now' };
}

/** A test file with one of the projects that run it. */
interface TestRun {
  readonly file: string;
  readonly project: string;
}

function testRuns(): TestRun[] {
  return Object.entries(findTestProjects(root)).flatMap(([project, files]: [string, readonly string[]]) =>
    files.map((file) => ({ file, project })),
  );
}

function isStale({ file, project }: TestRun, { files }: TestResults): boolean {
  const result = files[file]?.[project];
  return result === undefined || statSync(file).mtimeMs > Date.parse(result.endedAt);
}

/** Everything but the first project has its name behind each test's. */
function resultsOf({ file, project }: TestRun, { files }: TestResults): readonly NamedResult[] {
  const tests = files[file]?.[project]?.tests ?? [];
  return project === 'sqlite' ? tests : tests.map(({ name, state }) => ({ name: `${name} (${project})`, state }));
}

function tagsWithoutResult(stale: readonly TestRun[]): Tag[] {
  return [...new Set(stale.map(({ file }) => file))].flatMap((file) => tagsIn(readFileSync(file, 'utf8')));
}

function printPage({ page, file, lines, summary }: PageReport): void {
  process.stdout.write(`\n${page} (${file})\n`);
  for (const { number, text, state, tests } of lines) {
    const shown = text.length > textWidth ? `${text.slice(0, textWidth - 1)}…` : text;
    process.stdout.write(`  ${marks[state]} ${String(number).padStart(3)}  ${shown}\n`);
    if (state === 'failing') for (const test of tests) process.stdout.write(`            ${test}\n`);
  }
  const { passing, failing, unrun, none } = summary;
  process.stdout.write(
    `  ${page}: ${passing} of ${lines.length} lines have a passing test, ${failing} a failing one, ${unrun} one that did not run, ${none} have none\n`,
  );
}

function printReport(report: CoverageReport, source: string, stale: readonly TestRun[]): void {
  process.stdout.write(`Results: ${source}\n`);
  if (stale.length > 0) {
    process.stdout.write(`${stale.length} test files have not run since they were written or changed:\n`);
    for (const { file, project } of stale) process.stdout.write(`  ${file} (${project})\n`);
  }
  for (const page of report.pages) printPage(page);
  for (const tag of report.unknownTags) process.stdout.write(`\nERROR: a test names ${tag}, which does not exist\n`);
}

function main(args: { readonly page: string | undefined; readonly json: boolean }): number {
  const { results, source } = resultsOrRun();
  const runs = testRuns();
  const stale = runs.filter((run) => isStale(run, results));
  const named = runs.flatMap((run) => resultsOf(run, results));
  const whole = reportCoverage(readChecklists(root), { results: named, unrunTags: tagsWithoutResult(stale) });
  const pages = whole.pages.filter(({ page }) => args.page === undefined || page === args.page);
  if (pages.length === 0) throw new Error(`There is no contract page '${args.page}' with an acceptance checklist.`);
  const report = { pages, unknownTags: whole.unknownTags };
  if (args.json) process.stdout.write(`${JSON.stringify({ source, stale, ...report })}\n`);
  else printReport(report, source, stale);
  const failing = pages.some(({ summary }) => summary.failing > 0);
  return failing || report.unknownTags.length > 0 ? 1 : 0;
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    page: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(`${usage}\n`);
else process.exitCode = main({ page: values.page, json: values.json });
