import type { FileColumn, NamedCells, RowFields } from './batch-file.ts';
import { BadCell, cellOf, readFlag, readFreeText } from './device-cells.ts';
import type { LegacyAttributes } from './legacy-attributes.ts';
import type { ProductTraits } from './product.ts';

/** Text columns of a sheet by the attribute that they set (legacy 3.3, 5.2), with the most characters. */
const texts = {
  location: ['location', 1024],
  license: ['license', 1024],
  imsi: ['imsi', 64],
  end_user: ['endUser', 256],
  region: ['region', 256],
  organization: ['organization', 256],
  timezone: ['timezone', 256],
  ip: ['ip', 128],
} as const satisfies Record<string, readonly [keyof LegacyAttributes, number]>;

const column = (name: string, meaning: string): FileColumn => ({
  name,
  required: false,
  example: '',
  meaning,
  legacy: true,
});

/** What both the sheets that make devices and those that change them may say. */
export const legacyColumns: readonly FileColumn[] = [
  ...Object.keys(texts).map((name) => column(name, 'As legacy clients say it of a device.')),
  column('mute', 'true: legacy clients are told that the device is mute.'),
];

export const verifyCodeColumn = column('verify_code', 'What the device was registered with.');

/** What a row says of them, by the names of the attributes, each behind a mark that no other field has. */
export function readLegacyCells(cells: NamedCells): RowFields {
  // Hardly any sheet has them, and a sheet has a hundred thousand rows.
  if (!names.some((name) => cells.has(name))) return nothing;
  const said = Object.entries(texts).map(
    ([name, [attribute, max]]) => [attribute, readFreeText(cells, name, max)] as const,
  );
  const all = [
    ...said,
    ['mute', readFlag(cells, 'mute')],
    ['verifyCode', readFreeText(cells, 'verify_code', 256)],
  ] as const;
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[mark + name, value]])));
}

const names = [...Object.keys(texts), 'mute', 'verify_code'];
const nothing: RowFields = {};

const mark = 'legacy.';

/** A loop, for the same reason. */
function hasAny(fields: RowFields, prefix: string): boolean {
  for (const name in fields) if (name.startsWith(prefix)) return true;
  return false;
}

/** Undefined: the row says nothing of them. */
export function legacyAttributesOf(fields: RowFields): LegacyAttributes | undefined {
  if (!hasAny(fields, mark)) return undefined;
  const said = Object.entries(fields).filter(([name]) => name.startsWith(mark));
  return said.length === 0
    ? undefined
    : Object.fromEntries(said.map(([name, value]) => [name.slice(mark.length), value]));
}

/** The four columns that name a product together (legacy 10.5). */
export const traitColumnNames = ['manufacturer_id', 'model', 'device_type', 'protocol_type'] as const;

export const traitColumns: readonly FileColumn[] = traitColumnNames.map((name) =>
  column(name, 'With the three others: the product, in place of product_id.'),
);

const traitMax = 256;

/** Undefined: none of them is given. A row that gives some and not all is bad. */
export function readTraits(cells: NamedCells): RowFields | undefined {
  if (traitColumnNames.every((name) => cellOf(cells, name) === undefined)) return undefined;
  const [manufacturerId, model, deviceType, protocolType] = traitColumnNames.map((name) => {
    const text = readFreeText(cells, name, traitMax);
    if (text === undefined) throw new BadCell(name, 'is empty, and product_id, too');
    return text;
  }) as [string, string, string, string];
  return {
    [`${traitMark}manufacturerId`]: manufacturerId,
    [`${traitMark}model`]: model,
    [`${traitMark}deviceType`]: deviceType,
    [`${traitMark}protocolType`]: protocolType,
  };
}

const traitMark = 'trait.';

export function traitsOfFields(fields: RowFields): Partial<ProductTraits> | undefined {
  if (!hasAny(fields, traitMark)) return undefined;
  const said = Object.entries(fields).filter(([name]) => name.startsWith(traitMark));
  return said.length === 0
    ? undefined
    : Object.fromEntries(said.map(([name, value]) => [name.slice(traitMark.length), String(value)]));
}
