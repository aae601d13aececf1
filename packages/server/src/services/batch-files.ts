import type { Readable } from 'node:stream';
import { type BatchFile, charsOf, type FileFormat, type TableRow } from '../domain/batch-file.ts';
import { asId, type BatchFileId, type ProjectId, type RecordId } from '../domain/ids.ts';
import { invalid, Problem } from '../domain/problem.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { BatchFileScope, BatchFileStore, NewBatchFile } from '../ports/store/batch-file-store.ts';
import type { FileSpool, TableFiles, TableFormat, TableLimits } from '../ports/table-files.ts';
import type { TaskTypeTable } from '../ports/task-type.ts';
import { createPlaces, type Places } from './places.ts';

export interface BatchFileSettings {
  /** MUSTER_BATCH_FILE_MAX_ROWS. */
  readonly rowsMax: number;
  /** MUSTER_BATCH_FILE_MAX_BYTES. */
  readonly bytesMax: number;
  /** MUSTER_BATCH_FILE_LIFE_SECONDS. */
  readonly lifeMs: number;
}

export interface BatchFileParts {
  readonly store: { readonly batchFiles: BatchFileStore };
  readonly spool: FileSpool;
  readonly tables: TableFiles;
  readonly types: TaskTypeTable;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: BatchFileSettings;
}

export interface Template {
  readonly fileName: string;
  readonly format: TableFormat;
  readonly body: Readable;
}

/** Files of targets (v5 12). */
export interface BatchFileService {
  /**
   * Streams `body` to the disk and its rows into the store; it shows when all of it is there. It is the project's, or, with `appId`, that
   * application's, and its name and number are judged among those of the same owner. Problems: invalidInput (`file`), batchFileType,
   * batchFileNameTaken, batchFileLimit, batchFileTooLarge, batchFileContent, notReady (too many at once), and what `body` fails with.
   */
  upload(owner: BatchFileScope, fileName: string, body: Readable): Promise<BatchFile>;
  /** Newest first. */
  list(scope: BatchFileScope): Promise<readonly BatchFile[]>;
  /** Problems: batchFileNotFound. */
  delete(scope: BatchFileScope, fileId: BatchFileId): Promise<void>;
  /** The header and one example row. Problems: taskParameter (no such type, or one without files). */
  template(typeName: string, format: TableFormat): Template;
}

const nameCharsMax = 60;
/** Rows, and characters of theirs, that are stored in one transaction. */
const rowsPerStep = 1000;
const charsPerStep = 1024 * 1024;
/** What a workbook may be when it is unpacked: XML says everything at length. */
const inflatedBytesMax = 512 * 1024 * 1024;
export const tableLimits: TableLimits = {
  inflatedBytesMax,
  columnsMax: 200,
  cellCharsMax: 32_767,
  rowCharsMax: 65_536,
  // A text that cells share counts in each of them: a small workbook of many such cells would fill the database.
  tableCharsMax: 128 * 1024 * 1024,
};
/** Uploads in hand; while they arrive they are on the disk alone. One project, whose clients may be slow, leaves room for the others. */
const uploadsMax = 32;
const uploadsOfProjectMax = 4;
/**
 * Each that is being read has the texts of its workbook in memory, and more at once would not be read sooner. A project reads one: a
 * file that takes a minute holds up no other project.
 */
const reads = { allMax: 2, eachMax: 1 };

export function createBatchFileService(parts: BatchFileParts): BatchFileService {
  const { store, clock } = parts;
  const uploads = createUploadSlots();
  const inPlace = createPlaces<ProjectId>(reads);
  return {
    async upload(owner, fileName, body) {
      const release = uploads.take(owner.projectId);
      try {
        return await upload(parts, { owner, fileName, body, inPlace });
      } finally {
        release();
      }
    },
    list: (scope) => store.batchFiles.list(scope, clock.now()),
    delete: (scope, fileId) => store.batchFiles.delete(scope, fileId, clock.now()),
    template: (typeName, format) => templateOf(parts, typeName, format),
  };
}

/** `take` returns what gives the slot back. Problems: notReady. */
function createUploadSlots(): { take(projectId: ProjectId): () => void } {
  const taken = new Map<ProjectId, number>();
  let total = 0;
  return {
    take(projectId) {
      const own = taken.get(projectId) ?? 0;
      if (total >= uploadsMax || own >= uploadsOfProjectMax) throw new Problem('notReady');
      total += 1;
      taken.set(projectId, own + 1);
      return () => {
        total -= 1;
        const left = (taken.get(projectId) ?? 1) - 1;
        if (left === 0) taken.delete(projectId);
        else taken.set(projectId, left);
      };
    },
  };
}

interface Upload {
  readonly owner: BatchFileScope;
  readonly fileName: string;
  readonly body: Readable;
  readonly inPlace: Places<ProjectId>;
}

async function upload(parts: BatchFileParts, { owner, fileName, body, inPlace }: Upload): Promise<BatchFile> {
  const { store, spool, clock, random, settings } = parts;
  checkFileName(fileName);
  const format = formatOf(fileName);
  const now = clock.now();
  const { projectId, appId } = owner;
  const owned = { projectId, ...(appId === undefined ? {} : { appId }), fileName };
  await store.batchFiles.checkRoom(owned, now);
  const spooled = await spool.put(body, settings.bytesMax);
  const file: NewBatchFile = {
    fileId: asId<BatchFileId>(random.uuid()),
    recordId: asId<RecordId>(random.orderedId()),
    ...owned,
    uploadedAt: now,
    expiresAt: now + settings.lifeMs,
  };
  try {
    return await inPlace(projectId, () => read(parts, file, parts.tables.read(spooled.path, format, tableLimits)));
  } finally {
    await spooled.remove();
  }
}

/** Nothing of a file that cannot be read stays. */
async function read(parts: BatchFileParts, file: NewBatchFile, rows: AsyncIterable<TableRow>): Promise<BatchFile> {
  const { store, clock } = parts;
  try {
    await store.batchFiles.begin(file);
    const columns = await keepRows(parts, file.fileId, rows);
    const whole = { ...file, columns };
    await store.batchFiles.finish(whole, clock.now());
    return whole;
  } catch (error) {
    await store.batchFiles.discard(file.fileId);
    throw error;
  }
}

/** It is shown and compared, never used as a path; what could be taken for one is refused all the same. */
function checkFileName(fileName: string): void {
  const length = [...fileName].length;
  if (length < 1 || length > nameCharsMax) throw invalid('file', `the name must have 1 to ${nameCharsMax} characters`);
  if (/[/\\\p{Cc}\ufffd]/u.test(fileName)) throw invalid('file', 'the name must not have /, \\ or control characters');
}

function formatOf(fileName: string): TableFormat {
  const extension = /\.(xlsx|csv)$/i.exec(fileName)?.[1]?.toLowerCase();
  if (extension === undefined) throw new Problem('batchFileType', { field: 'file' });
  return extension as TableFormat;
}

/** Stores the rows behind the header; returns the names of the columns. */
async function keepRows(
  { store, settings }: BatchFileParts,
  fileId: BatchFileId,
  rows: AsyncIterable<TableRow>,
): Promise<readonly string[]> {
  let columns: readonly string[] | undefined;
  let step: TableRow[] = [];
  let stepChars = 0;
  let stored = 0;
  const flush = async (): Promise<void> => {
    await store.batchFiles.addRows(fileId, stored, step);
    stored += step.length;
    step = [];
    stepChars = 0;
  };
  for await (const row of rows) {
    if (columns === undefined) {
      columns = row.cells.map((cell) => cell.toLowerCase());
      continue;
    }
    step.push(row);
    stepChars += charsOf(row);
    if (stored + step.length > settings.rowsMax) throw content(`It has more than ${settings.rowsMax} data rows.`);
    if (step.length === rowsPerStep || stepChars >= charsPerStep) await flush();
  }
  if (step.length > 0) await flush();
  if (columns === undefined) throw content('It has no header.');
  if (stored === 0) throw content('It has no data row.');
  return columns;
}

const content = (detail: string): Problem => new Problem('batchFileContent', { field: 'file', args: [detail] });

/** No row that begins with it is a good one, so that a template that is sent back unchanged does nothing. */
const exampleMark = '(example) ';

function templateOf({ types, tables }: BatchFileParts, typeName: string, format: TableFormat): Template {
  const file = Object.hasOwn(types, typeName) ? formatOfType(types, typeName) : undefined;
  if (file === undefined) throw new Problem('taskParameter', { field: 'task_type', args: ['task_type', typeName] });
  const columns = file.columns.filter(({ legacy }) => legacy !== true);
  const header = columns.map(({ name }) => name);
  const example = columns.map((column, index) => (index === 0 ? exampleMark : '') + column.example);
  return { fileName: `${typeName}.${format}`, format, body: tables.write([header, example], format) };
}

const formatOfType = (types: TaskTypeTable, typeName: string): FileFormat | undefined =>
  types[typeName as keyof TaskTypeTable].file;
