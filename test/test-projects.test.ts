import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findTestProjects } from '../scripts/lib/test-projects.ts';
import { type FileResult, mergeResults, readResults } from '../scripts/lib/test-results.ts';

const support = 'packages/server/test/support';

function temporaryRoot(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'muster-projects-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

describe('the projects', () => {
  it('run what stands on a store on both databases, and what needs PostgreSQL there alone', () => {
    const root = temporaryRoot({
      [`${support}/test-store.ts`]: "import { createTestDatabase } from './postgres/test-database.ts';\n",
      [`${support}/postgres/test-database.ts`]: "import pg from 'pg';\n",
      [`${support}/api.ts`]: "import {\n  openTestStore,\n} from './test-store.ts';\nexport * from './loop.ts';\n",
      [`${support}/loop.ts`]: "import { api } from './api.ts';\n",
      'packages/server/test/http/api.test.ts': "import { api } from '../support/api.ts';\n",
      'packages/server/test/store/driver.test.ts': "import { x } from '../support/postgres/test-database.ts';\n",
      'packages/server/test/domain/pure.test.ts': 'const text = "import { api } from \'../support/api.ts\';";\n',
      'test/whole.test.ts': "import { join } from 'node:path';\n",
    });
    expect(findTestProjects(root)).toEqual({
      sqlite: [
        'packages/server/test/domain/pure.test.ts',
        'packages/server/test/http/api.test.ts',
        'test/whole.test.ts',
      ],
      postgres: ['packages/server/test/http/api.test.ts', 'packages/server/test/store/driver.test.ts'],
    });
  });

  it('leave out no test file', () => {
    const { sqlite, postgres } = findTestProjects(join(import.meta.dirname, '..'));
    expect(sqlite).toContain('test/test-projects.test.ts');
    expect(sqlite).toContain('packages/server/test/http/http-server.test.ts');
    expect(postgres).toContain('packages/server/test/http/http-server.test.ts');
    expect(postgres).toContain('packages/server/test/store/postgres-work.test.ts');
    expect(sqlite).not.toContain('packages/server/test/store/postgres-work.test.ts');
  });
});

describe('the results', () => {
  it('of one project do not take the place of those of another', () => {
    const root = temporaryRoot();
    const result = (name: string): FileResult => ({ endedAt: '', tests: [{ name, state: 'passed' }] });
    const lastRun = { endedAt: '', files: 1, passed: 1, failed: 0, skipped: 0, failures: [] };
    mergeResults(root, {
      files: { a: { sqlite: result('1'), postgres: result('2') }, b: { sqlite: result('3') } },
      lastRun,
    });
    mergeResults(root, { files: { a: { postgres: result('4') } }, lastRun });
    expect(readResults(root)?.files).toEqual({
      a: { sqlite: result('1'), postgres: result('4') },
      b: { sqlite: result('3') },
    });
  });
});
