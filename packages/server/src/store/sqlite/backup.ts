import { constants } from 'node:fs';
import { access, link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Connection } from './connection.ts';

export interface BackupOptions {
  /** The database file; a server may be running on it. */
  readonly from: string;
  /** Whole or absent, never overwritten. */
  readonly to: string;
  /** In the same folder as `to`, of a name that nobody else has. */
  readonly draft: string;
}

/** Copies a database as it is at one moment. Throws a sentence for the operator. */
export async function backupDatabase({ from, to, draft }: BackupOptions): Promise<void> {
  if (!(await exists(from))) throw new Error(`There is no database ${from}.`);
  if (await exists(to)) throw alreadyThere(to);
  // SQLite fills an empty file that is there and keeps its mode: at no moment can others read what is in it.
  await makeDraft(draft);
  try {
    copy(from, draft);
    await sync(draft);
    await putInPlace(draft, to);
    await sync(dirname(to));
  } finally {
    await rm(draft, { force: true });
  }
}

async function makeDraft(draft: string): Promise<void> {
  try {
    await (await open(draft, 'wx', 0o600)).close();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`The folder ${dirname(draft)} takes no file (${code ?? 'unknown'}): nothing was copied.`, {
      cause: error,
    });
  }
}

/** A reader's snapshot: the server goes on writing meanwhile. */
function copy(from: string, to: string): void {
  const connection = new Connection(from, { durability: 'full', readOnly: true });
  try {
    connection.execute({ sql: 'VACUUM INTO ?', parameters: [to] });
  } finally {
    connection.close();
  }
}

/** By a link, which refuses a name that is taken; a rename would replace what has it. */
async function putInPlace(draft: string, to: string): Promise<void> {
  try {
    await link(draft, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw alreadyThere(to);
    if (!linklessCodes.has(code ?? '')) throw error;
    if (await exists(to)) throw alreadyThere(to);
    await rename(draft, to);
  }
}

/** Memory cards and some network shares have no links. */
const linklessCodes: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

const alreadyThere = (path: string): Error => new Error(`${path} is there already: a backup overwrites nothing.`);

async function exists(path: string): Promise<boolean> {
  try {
    await access(path, constants.F_OK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Of a file its bytes, of a folder its names. */
async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
