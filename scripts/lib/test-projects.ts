import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Whoever stands on a store opens it here; which one it is, the environment says. */
const anyStore = 'packages/server/test/support/test-store.ts';
const postgresOnly = 'packages/server/test/support/postgres/test-database.ts';

export interface TestProjects {
  /** Everything but what needs PostgreSQL itself. */
  readonly sqlite: readonly string[];
  /** What stands on a store, once more, and what needs PostgreSQL itself. */
  readonly postgres: readonly string[];
}

const testFiles = (root: string): string[] =>
  globSync(['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root }).sort();

/** Told by what the files import, so that no list has to be kept. */
export function findTestProjects(root: string): TestProjects {
  const files = testFiles(root).map((file) => ({ file, imports: importsOf(root, file) }));
  const standsOn = (module: string) => files.filter(({ imports }) => imports.has(module)).map(({ file }) => file);
  const both = new Set(standsOn(anyStore));
  const postgres = [...new Set([...both, ...standsOn(postgresOnly)])];
  const sqlite = files.map(({ file }) => file).filter((file) => both.has(file) || !postgres.includes(file));
  return { sqlite, postgres };
}

/** Files of this repository that `file` imports by a path, and what those import, and so on. */
function importsOf(root: string, file: string): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [file];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const imported of directImports(root, next)) {
      if (found.has(imported)) continue;
      found.add(imported);
      waiting.push(imported);
    }
  }
  return found;
}

/** At the start of a line: some tests hold the text of other files. */
const relativeImport = /^(?:import|export|\}) .*from '(\.{1,2}\/[^']+\.ts)';$/gm;
const known = new Map<string, readonly string[]>();

function directImports(root: string, file: string): readonly string[] {
  const path = join(root, file);
  const before = known.get(path);
  if (before !== undefined) return before;
  const text = readFileSync(path, 'utf8');
  const imported = [...text.matchAll(relativeImport)].map(([, to = '']) => join(dirname(file), to));
  known.set(path, imported);
  return imported;
}
