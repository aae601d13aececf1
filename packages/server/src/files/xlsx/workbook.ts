import { posix } from 'node:path';
import { contentProblem } from '../content-problem.ts';
import { readXml } from './xml.ts';
import type { ZipParts } from './zip.ts';

/** Names of the parts that are read. */
export interface WorkbookParts {
  /** The first in the order of the workbook that people see. */
  readonly sheet: string;
  readonly sharedStrings: string | undefined;
  readonly styles: string | undefined;
  /** Days are counted from 1904. */
  readonly uses1904: boolean;
}

interface Relation {
  readonly id: string;
  /** The last word of the type's address. */
  readonly kind: string;
  /** Name of the part. */
  readonly part: string;
}

interface NamedSheet {
  readonly relationId: string;
  readonly isVisible: boolean;
}

const relationsMax = 10_000;

export async function findParts(zip: ZipParts): Promise<WorkbookParts> {
  const ofPackage = await readRelations(zip, '');
  const workbook = partOf(ofPackage, 'officeDocument') ?? 'xl/workbook.xml';
  if (!zip.has(workbook)) throw contentProblem('It is not an .xlsx file.');
  const sheets: NamedSheet[] = [];
  let uses1904 = false;
  await readXml(zip.open(workbook), {
    onOpen(name, attributes) {
      if (name === 'workbookPr') uses1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      sheets.push({ relationId: attributes['id'] ?? '', isVisible: (attributes['state'] ?? 'visible') === 'visible' });
      if (sheets.length > relationsMax) throw contentProblem(`It has more than ${relationsMax} sheets.`);
    },
  });
  const relations = await readRelations(zip, workbook);
  return {
    sheet: firstSheet(sheets, relations),
    sharedStrings: partOf(relations, 'sharedStrings'),
    styles: partOf(relations, 'styles'),
    uses1904,
  };
}

/** Charts that stand as sheets of their own have no cells. */
function firstSheet(sheets: readonly NamedSheet[], relations: readonly Relation[]): string {
  const worksheets = new Map(relations.filter(({ kind }) => kind === 'worksheet').map(({ id, part }) => [id, part]));
  const first = sheets.find(({ relationId, isVisible }) => isVisible && worksheets.has(relationId));
  const part = worksheets.get(first?.relationId ?? '');
  if (part === undefined) throw contentProblem('It has no sheet.');
  return part;
}

const partOf = (relations: readonly Relation[], kind: string): string | undefined =>
  relations.find((relation) => relation.kind === kind)?.part;

/** Of a part, or of the package itself (''). */
async function readRelations(zip: ZipParts, part: string): Promise<readonly Relation[]> {
  const relations: Relation[] = [];
  const folder = posix.dirname(part);
  const name = posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
  if (!zip.has(name)) return relations;
  await readXml(zip.open(name), {
    onOpen(element, { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode }) {
      // What lies outside of the file is never fetched.
      if (element !== 'Relationship' || mode === 'External') return;
      const within = target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
      relations.push({ id, kind: type.slice(type.lastIndexOf('/') + 1), part: within });
      if (relations.length > relationsMax) throw contentProblem(`It has more than ${relationsMax} relations.`);
    },
  });
  return relations;
}
