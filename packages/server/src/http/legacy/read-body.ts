import type { LegacyFamily } from '@muster/contract/legacy';
import { parseJson } from '../request-body.ts';
import { badInput } from './problems.ts';
import { readPairs } from './read-query.ts';

type Members = Readonly<Record<string, unknown>>;

/** Legacy 1.2: JSON whatever its media type; nothing, blanks and null count as `{}`. Problems: bad input. */
export function readLegacyJson(bytes: Buffer, family: LegacyFamily): Members {
  if (isBlank(bytes)) return {};
  const value = parseJson(bytes) ?? {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Members;
  throw badInput(family, 'The request body must be a JSON object.');
}

/** Legacy 1.2: a form, the names of its fields in any case; JSON will do as well. `names`: as the schema spells them. */
export function readLegacyForm(bytes: Buffer, family: LegacyFamily, names: readonly string[]): Members {
  const text = bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trim();
  const given = text.startsWith('{') ? readLegacyJson(bytes, family) : readPairs(text);
  const known = new Map(names.map((name) => [name.toLowerCase(), name]));
  const entries = Object.entries(given).map(([name, value]): [string, unknown] => [
    known.get(name.trim().toLowerCase()) ?? name,
    value,
  ]);
  return Object.fromEntries(entries);
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

function isBlank(bytes: Buffer): boolean {
  const rest = bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes;
  return rest.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}
