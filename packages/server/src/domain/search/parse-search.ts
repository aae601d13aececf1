import { TokenReader } from '../sql/token-reader.ts';
import { type Lexicon, shapes } from '../sql/tokens.ts';
import { parseMillisTime } from '../time.ts';
import {
  type Condition,
  type DeviceSearch,
  type OrderedField,
  type PrefixField,
  type SearchField,
  searchFields,
  searchLimits,
  type Where,
} from './where.ts';

const lexicon: Lexicon = [shapes.space, shapes.word, shapes.integer, shapes.text, ['sign', /!=|[=<>(),*]/y]];

const orderedFields: ReadonlySet<string> = new Set<OrderedField>(['create_time', 'marker']);
const prefixFields: ReadonlySet<string> = new Set<PrefixField>(['device_name', 'node_id', 'tag_key', 'tag_value']);
const tagFields: ReadonlySet<string> = new Set<SearchField>(['tag_key', 'tag_value']);

const isOrdered = (field: SearchField): field is OrderedField => orderedFields.has(field);
const hasPrefixes = (field: SearchField): field is PrefixField => prefixFields.has(field);

/** `select … from device …` (v5 6.1). Problems: invalidSql. */
export function parseSearch(sql: string): DeviceSearch {
  const reader = new TokenReader(sql, lexicon);
  const select = parseSelect(reader);
  reader.word('from');
  reader.word('device');
  const where = reader.takesWord('where') ? parseConditions(reader) : undefined;
  const order = parseOrder(reader);
  const limit = parseLimit(reader);
  reader.end();
  return { select, where, order, ...limit };
}

/** The WHERE part alone, without its first word: the rule of a dynamic group (v5 7). Problems: invalidSql. */
export function parseWhere(text: string): Where {
  const reader = new TokenReader(text, lexicon);
  const where = parseConditions(reader);
  reader.end();
  return where;
}

function parseSelect(reader: TokenReader): DeviceSearch['select'] {
  reader.word('select');
  if (reader.takesSign('*')) return 'devices';
  reader.word('count');
  reader.sign('(');
  if (!reader.takesSign('*') && reader.number() !== 1) throw reader.wrong("'*' or 1");
  reader.sign(')');
  return 'count';
}

function parseConditions(reader: TokenReader): Where {
  const lists: Condition[][] = [];
  let count = 0;
  do {
    const list: Condition[] = [];
    do {
      count += 1;
      if (count > searchLimits.conditions) throw reader.refused(`more than ${searchLimits.conditions} conditions`);
      list.push(parseCondition(reader));
    } while (reader.takesWord('and'));
    lists.push(list);
  } while (reader.takesWord('or'));
  return lists;
}

function parseCondition(reader: TokenReader): Condition {
  const { position } = reader.next;
  const field = parseField(reader);
  if (reader.takesSign('=')) return { kind: 'equal', field, negated: false, values: [parseValue(reader, field)] };
  if (reader.takesSign('!=')) return { kind: 'equal', field, negated: true, values: [parseValue(reader, field)] };
  const side = reader.takesSign('>') ? '>' : reader.takesSign('<') ? '<' : undefined;
  if (side !== undefined) {
    if (!isOrdered(field)) throw reader.refusedAt(position, `'${field}' cannot be compared with ${side}`);
    return { kind: 'range', field, side, value: parseValue(reader, field) };
  }
  if (reader.takesWord('like')) {
    if (!hasPrefixes(field)) throw reader.refusedAt(position, `'${field}' cannot be compared with like`);
    return { kind: 'prefix', field, prefix: parsePrefix(reader) };
  }
  const negated = reader.takesWord('not');
  if (!reader.takesWord('in')) throw reader.wrong(negated ? "'in'" : 'an operator');
  if (tagFields.has(field)) throw reader.refusedAt(position, `'${field}' cannot be compared with a list`);
  return { kind: 'equal', field, negated, values: parseList(reader, field) };
}

function parseList(reader: TokenReader, field: SearchField): readonly string[] {
  const values: string[] = [];
  reader.sign('(');
  do values.push(parseValue(reader, field));
  while (reader.takesSign(','));
  reader.sign(')');
  return values;
}

function parseValue(reader: TokenReader, field: SearchField): string {
  const { position } = reader.next;
  const value = reader.text();
  if (field === 'create_time' && parseMillisTime(value) === undefined) {
    throw reader.refusedAt(position, "a create_time is written as yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
  }
  return value;
}

/** A `%` elsewhere would be a pattern that is not supported; `_` and `\` are letters like any other. */
function parsePrefix(reader: TokenReader): string {
  const { position } = reader.next;
  const pattern = reader.text();
  const prefix = pattern.slice(0, -1);
  if (!pattern.endsWith('%') || prefix.includes('%'))
    throw reader.refusedAt(position, "a pattern has one '%', at its end");
  if ([...prefix].length < searchLimits.prefixMin) {
    throw reader.refusedAt(position, `a pattern begins with at least ${searchLimits.prefixMin} characters`);
  }
  return prefix;
}

/** Without a word the newest come first, as in every list (v5 1, Paging). */
function parseOrder(reader: TokenReader): DeviceSearch['order'] {
  if (!reader.takesWord('order')) return 'desc';
  reader.word('by');
  reader.word('marker');
  if (reader.takesWord('desc')) return 'desc';
  reader.takesWord('asc');
  return 'asc';
}

/** On a count, which is one number, it has no effect. */
function parseLimit(reader: TokenReader): Pick<DeviceSearch, 'limit' | 'offset'> {
  if (!reader.takesWord('limit')) return { limit: searchLimits.rows, offset: 0 };
  const [first, second] = [parseNumber(reader), reader.takesSign(',') ? parseNumber(reader) : undefined];
  const offset = second === undefined ? { value: 0, position: 0 } : first;
  const rows = second ?? first;
  if (offset.value > searchLimits.offsetMax) {
    throw reader.refusedAt(offset.position, `the offset is at most ${searchLimits.offsetMax}`);
  }
  if (rows.value < 1 || rows.value > searchLimits.rowsMax) {
    throw reader.refusedAt(rows.position, `the number of rows is 1 to ${searchLimits.rowsMax}`);
  }
  return { limit: rows.value, offset: offset.value };
}

function parseNumber(reader: TokenReader): { readonly value: number; readonly position: number } {
  const { position } = reader.next;
  return { value: reader.number(), position };
}

const fields: ReadonlySet<string> = new Set(searchFields);

function parseField(reader: TokenReader): SearchField {
  const name = reader.next.value.toLowerCase();
  if (!fields.has(name)) throw reader.wrong('the name of a field');
  reader.take('word', 'the name of a field');
  return name as SearchField;
}
