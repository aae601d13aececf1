/** A call that the contract's page lists. */
export interface ContractCall {
  /** `15.1`: where it stands. */
  readonly section: string;
  readonly method: string;
  /** With `{P}` for `/v5/iot/{project_id}`, without query. */
  readonly path: string;
  /** HTTP status of success. */
  readonly status: number;
}

/** What a table's abbreviations stand for, as far as it was read. */
interface Scope {
  readonly section: string;
  /** What `…` is, where the section says so in words. */
  readonly base: string | undefined;
  /** Every full path of the table so far. */
  readonly paths: string[];
  /** The status of all calls, where the table's head says it. */
  readonly status: number | undefined;
}

/**
 * The calls in the tables of sections 4 to 15, in their order. Throws on a row that names a call and cannot be read: a list that is
 * silently shorter than the contract would make every number that is counted from it a lie.
 */
export function parseContractCalls(markdown: string): ContractCall[] {
  return sectionsOf(markdown).flatMap(({ section, text }) => {
    const base = baseOf(text);
    return tablesOf(text).flatMap(({ head, rows }) => {
      const all = /\bcall, all (\d{3})\b/.exec(head);
      const scope: Scope = { section, base, paths: [], status: all === null ? undefined : Number(all[1]) };
      return rows.flatMap((row) => callsOf(row, scope));
    });
  });
}

function sectionsOf(markdown: string): { section: string; text: string }[] {
  const parts = markdown.split(/^#{2,3} (?=\d)/m).slice(1);
  return parts
    .map((text) => ({ section: /^\d+(?:\.\d+)*/.exec(text)?.[0] ?? '', text }))
    .filter(({ section }) => Number.parseInt(section, 10) >= 4 && Number.parseInt(section, 10) <= 15);
}

/** "Base `{P}/x`" and "`…` = `{P}/x`". */
function baseOf(text: string): string | undefined {
  return (/^Base `([^`]+)`/m.exec(text) ?? /`…` = `([^`]+)`/.exec(text))?.[1];
}

interface Table {
  readonly head: string;
  readonly rows: readonly string[];
}

function tablesOf(text: string): Table[] {
  const blocks = text.match(/(?:^\|.*(?:\n|$))+/gm) ?? [];
  return blocks.map((block) => {
    const [head = '', , ...rows] = block.trim().split('\n');
    return { head, rows };
  });
}

/** Cells of a row; a bar behind a backslash belongs to its cell. */
function cellsOf(row: string): string[] {
  return row
    .replace(/^\|/, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

function callsOf(row: string, scope: Scope): ContractCall[] {
  const [cell = '', statuses = ''] = cellsOf(row);
  // What follows an arrow is the answer.
  const [request = ''] = cell.split('→');
  const named = namesOf(request, scope);
  if (named.length === 0) return [];
  const codes = scope.status === undefined ? [...statuses.matchAll(/\b\d{3}\b/g)].map(Number) : [scope.status];
  const methods = [...new Set(named.map(({ method }) => method))];
  if (codes.length !== 1 && codes.length !== methods.length) {
    throw new Error(`Section ${scope.section}: the statuses '${statuses}' do not fit the calls of this row: ${row}`);
  }
  return named.map(({ method, path }) => ({
    section: scope.section,
    method,
    path,
    status: codes[codes.length === 1 ? 0 : methods.indexOf(method)] ?? 0,
  }));
}

type Name = Pick<ContractCall, 'method' | 'path'>;

function namesOf(request: string, scope: Scope): Name[] {
  const names: Name[] = [];
  let methods: string[] = [];
  let open = false;
  for (const [, method, code] of request.matchAll(/\b(GET|POST|PUT|DELETE)\b|`([^`]+)`/g)) {
    if (method !== undefined) {
      // "GET `x`, PUT `y`": a method behind a path begins anew.
      methods = open ? [...methods, method] : [method];
      open = true;
    } else if (code !== undefined && /^(?:\{P\}|…|\/)/.test(code) && methods.length > 0) {
      open = false;
      const paths = resolve(code.split('?')[0] ?? '', { ...scope, ofBoth: /\bof both\b/.test(request) }, names);
      names.push(...methods.flatMap((each) => paths.map((path) => ({ method: each, path }))));
      scope.paths.push(...paths);
    }
  }
  return names;
}

/** The full paths behind one that may be abbreviated; several for "of both". */
function resolve(code: string, scope: Scope & { readonly ofBoth: boolean }, before: readonly Name[]): string[] {
  if (code.startsWith('{P}')) return [code];
  const last = before.at(-1)?.path;
  // "`…/{task_id}/retry`, `/stop`": a sibling of the one before it.
  if (code.startsWith('/')) return last === undefined ? [] : [`${parentOf(last)}${code}`];
  const rest = code.slice(2);
  if (scope.base !== undefined) return [`${scope.base}/${rest}`];
  // "`…/{device_id}/freeze`, `…/unfreeze`" likewise.
  if (last !== undefined && /^[a-z-]+$/.test(rest)) return [`${parentOf(last)}/${rest}`];
  const collections = [...new Set(scope.paths.map(collectionOf))];
  if (scope.ofBoth) return collections.map((path) => `${path}/${rest}`);
  // "`…/rules/{rule_id}`" behind `{P}/routing-rule/rules`, "`…/{queue_id}`" behind `{P}/amqp-queues`.
  const named = collections.find((path) => path.endsWith(`/${rest.split('/')[0]}`));
  const base = named === undefined ? collections.at(-1) : parentOf(named);
  if (base === undefined) throw new Error(`Section ${scope.section}: nothing says what … is in '${code}'.`);
  return [`${base}/${rest}`];
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** `{P}/devices` of `{P}/devices/{device_id}/freeze`. */
function collectionOf(path: string): string {
  const parameter = path.indexOf('/{', 3);
  return parameter === -1 ? path : path.slice(0, parameter);
}
