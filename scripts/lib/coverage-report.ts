import { type Checklist, type ChecklistLine, type PageName, type Tag, tagsIn } from './checklists.ts';
import type { NamedResult } from './test-results.ts';

/** `unrun`: a test names the line, but it was skipped or has not run since it was written. */
export type LineState = 'passing' | 'failing' | 'unrun' | 'none';

export interface LineReport extends ChecklistLine {
  readonly state: LineState;
  /** Names of the tests with a result; several may show one line. */
  readonly tests: readonly string[];
}

export interface PageReport {
  readonly page: PageName;
  readonly file: string;
  readonly lines: readonly LineReport[];
  readonly summary: Readonly<Record<LineState, number>>;
}

export interface CoverageReport {
  readonly pages: readonly PageReport[];
  /** Tags that name no line of any checklist, as written. */
  readonly unknownTags: readonly string[];
}

/** What is known about tests: results, and tags in the text of test files whose results are missing or older than the file. */
export interface Evidence {
  readonly results: readonly NamedResult[];
  readonly unrunTags: readonly Tag[];
}

const keyOf = ({ page, number }: Tag): string => `[${page} ${number}]`;

function stateOf(tests: readonly NamedResult[], isUnrun: boolean): LineState {
  // One failing test is enough: a line that only sometimes holds does not hold.
  if (tests.some((test) => test.state === 'failed')) return 'failing';
  if (tests.some((test) => test.state === 'passed')) return 'passing';
  return tests.length > 0 || isUnrun ? 'unrun' : 'none';
}

function countStates(lines: readonly LineReport[]): Record<LineState, number> {
  const summary: Record<LineState, number> = { passing: 0, failing: 0, unrun: 0, none: 0 };
  for (const line of lines) summary[line.state] += 1;
  return summary;
}

function groupByTag(results: readonly NamedResult[]): Map<string, NamedResult[]> {
  const byTag = new Map<string, NamedResult[]>();
  for (const result of results) {
    for (const key of new Set(tagsIn(result.name).map(keyOf))) {
      byTag.set(key, [...(byTag.get(key) ?? []), result]);
    }
  }
  return byTag;
}

/** Which line of which checklist has a passing test. */
export function reportCoverage(checklists: readonly Checklist[], { results, unrunTags }: Evidence): CoverageReport {
  const byTag = groupByTag(results);
  const unrun = new Set(unrunTags.map(keyOf));
  const pages = checklists.map(({ page, file, lines }) => {
    const reports = lines.map((line) => {
      const key = keyOf({ page, number: line.number });
      const tests = byTag.get(key) ?? [];
      return { ...line, state: stateOf(tests, unrun.has(key)), tests: tests.map((test) => test.name) };
    });
    return { page, file, lines: reports, summary: countStates(reports) };
  });
  const known = new Set(checklists.flatMap(({ page, lines }) => lines.map(({ number }) => keyOf({ page, number }))));
  const unknownTags = [...new Set([...byTag.keys(), ...unrun])].filter((key) => !known.has(key));
  return { pages, unknownTags };
}
