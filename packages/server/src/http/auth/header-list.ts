/** Request headers as they were on the wire, by lower-case name. */
export type HeaderList = ReadonlyMap<string, readonly string[]>;

/** From Node's `rawHeaders`, whose repeats Node's own `headers` would partly hide. */
export function headerList(rawHeaders: readonly string[]): HeaderList {
  const list = new Map<string, string[]>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    const value = utf8Text(rawHeaders[at + 1] ?? '').trim();
    const values = list.get(name);
    if (values === undefined) list.set(name, [value]);
    else values.push(value);
  }
  return list;
}

/** Undefined where the header is absent or, so that nobody can mean one value and sign another, repeated. */
export function onlyValue(headers: HeaderList, name: string): string | undefined {
  const values = headers.get(name);
  return values?.length === 1 ? values[0] : undefined;
}

// Node reads header bytes as Latin-1; clients sign UTF-8.
function utf8Text(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}
