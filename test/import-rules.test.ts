import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { rooms } from '../scripts/import-rules.ts';
import { cruiseImports } from '../scripts/lib/cruise-imports.ts';
import { renderImportTable } from '../scripts/lib/import-table.ts';

const repository = resolve(import.meta.dirname, '..');
const temporary: string[] = [];

afterEach(() => {
  for (const folder of temporary.splice(0)) rmSync(folder, { recursive: true });
});

/** A repository of the given files, by path, with this one's libraries; returns what the rules say about it. */
async function findingsIn(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const root = mkdtempSync(join(tmpdir(), 'muster-imports-'));
  temporary.push(root);
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return (await cruiseImports(root)).findings;
}

const server = 'packages/server/src';
const leaf = 'export const leaf = 1;\nexport type Leaf = 1;\n';

describe('the import table', () => {
  it('is shown in ARCHITECTURE.md as the rules have it', () => {
    const page = readFileSync(join(repository, 'ARCHITECTURE.md'), 'utf8');
    const shown = page.split('\n').filter((line) => line.startsWith('|'));
    expect(shown.join('\n')).toContain(renderImportTable());
  });

  it('names only rooms that exist in it', () => {
    const names = rooms.map((room) => room.name);
    expect(new Set(names).size).toBe(names.length);
    for (const room of rooms) {
      if (room.mayImport !== 'everything') expect(names).toEqual(expect.arrayContaining([...room.mayImport]));
    }
  });
});

describe('the import rules', () => {
  it('accept what the table allows', async () => {
    const findings = await findingsIn({
      [`${server}/domain/leaf.ts`]: leaf,
      [`${server}/store/a.ts`]:
        "import 'node:sqlite';\nimport 'node:fs';\nimport { leaf } from '../domain/leaf.ts';\nexport const a = leaf;\n",
      [`${server}/main.ts`]: "import { a } from './store/a.ts';\nexport const main = a;\n",
    });
    expect(findings).toEqual([]);
  });

  const forbidden: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    [
      'a room that imports one it may not',
      { [`${server}/store/leaf.ts`]: leaf, [`${server}/domain/a.ts`]: "export { leaf } from '../store/leaf.ts';\n" },
      'room-domain',
    ],
    [
      'a type import alone',
      { [`${server}/mqtt/leaf.ts`]: leaf, [`${server}/engine/a.ts`]: "export type { Leaf } from '../mqtt/leaf.ts';\n" },
      'room-engine',
    ],
    ['a module of Node in a pure room', { [`${server}/domain/a.ts`]: "import 'node:fs';\n" }, 'room-domain'],
    ['SQLite outside the store', { [`${server}/services/a.ts`]: "import 'node:sqlite';\n" }, 'room-services'],
    ['a library that is not listed', { [`${server}/push/a.ts`]: "import 'kysely';\n" }, 'room-push'],
    [
      'a task type that imports another',
      {
        [`${server}/task-types/freeze/leaf.ts`]: leaf,
        [`${server}/task-types/thaw/a.ts`]: "export { leaf } from '../freeze/leaf.ts';\n",
      },
      'task-types-apart',
    ],
    [
      'one API generation that imports the other',
      {
        [`${server}/http/v5/leaf.ts`]: leaf,
        [`${server}/http/legacy/a.ts`]: "export { leaf } from '../v5/leaf.ts';\n",
      },
      'generations-apart',
    ],
    [
      'another package past its door',
      {
        'packages/contract/src/leaf.ts': leaf,
        'packages/sdk/src/a.ts': "export { leaf } from '../../contract/src/leaf.ts';\n",
      },
      'room-sdk',
    ],
    [
      'a cycle',
      {
        [`${server}/engine/a.ts`]: "import { b } from './b.ts';\nexport const a = (): unknown => b;\n",
        [`${server}/engine/b.ts`]: "import { a } from './a.ts';\nexport const b = (): unknown => a;\n",
      },
      'no-cycles',
    ],
    ['what cannot be found', { [`${server}/engine/a.ts`]: "import './lost.ts';\n" }, 'no-unresolvable'],
    [
      'a file in no room',
      { [`${server}/cellar/leaf.ts`]: leaf, [`${server}/cellar/a.ts`]: "import './leaf.ts';\n" },
      'in no room',
    ],
  ];

  it.each(forbidden)('find %s', async (_what, files, rule) => {
    expect((await findingsIn(files)).join('\n')).toContain(rule);
  });

  it('find that nothing was read', async () => {
    expect(await findingsIn({ 'docs/page.md': 'No modules here.\n' })).toContain(
      'no module was read: the rules were not tried at all',
    );
  });
});
