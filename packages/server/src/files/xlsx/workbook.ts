import { posix } from 'node:path';
import { contentProblem } from '../content-problem.ts';
import { readXml } from './xml.ts';
import type { ZipParts } from './zip.ts';

/** Names of the parts that are read. */
export interface WorkbookParts {
  /** The first sheet in the order of the workbook. */
  readonly sheet: string;
  readonly sharedStrings: string | undefined;
  readonly styles: string | undefined;
  /** Days are counted from 1904. */
  readonly uses1904: boolean;
}

const workbookName = 'xl/workbook.xml';

interface Relations {
  readonly byId: ReadonlyMap<string, string>;
  readonly byKind: ReadonlyMap<string, string>;
}

export async function findParts(zip: ZipParts): Promise<WorkbookParts> {
  const source = await zip.open(workbookName);
  if (source === undefined) throw contentProblem('It is not an .xlsx file.');
  let firstId: string | undefined;
  let uses1904 = false;
  await readXml(source, {
    onOpen(name, attributes) {
      if (name === 'workbookPr') uses1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (name === 'sheet') firstId ??= attributes['r:id'] ?? attributes['id'];
    },
  });
  const relations = await readRelations(zip);
  const sheet = firstId === undefined ? undefined : relations.byId.get(firstId);
  if (sheet === undefined) throw contentProblem('It has no sheet.');
  return {
    sheet,
    sharedStrings: relations.byKind.get('sharedStrings'),
    styles: relations.byKind.get('styles'),
    uses1904,
  };
}

/** Of the workbook; targets as names of parts. */
async function readRelations(zip: ZipParts): Promise<Relations> {
  const byId = new Map<string, string>();
  const byKind = new Map<string, string>();
  const source = await zip.open('xl/_rels/workbook.xml.rels');
  if (source === undefined) return { byId, byKind };
  await readXml(source, {
    onOpen(name, { Id: id = '', Type: type = '', Target: target = '' }) {
      if (name !== 'Relationship') return;
      const part = target.startsWith('/') ? target.slice(1) : posix.join('xl', target);
      byId.set(id, part);
      byKind.set(type.slice(type.lastIndexOf('/') + 1), part);
    },
  });
  return { byId, byKind };
}
