import { Compile } from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { schemaNode, type SchemaNode } from '../../src/schema.ts';
import { endpointSchemas, type EndpointSchemas } from '../../src/v5/index.ts';

/** Every string of a schema by its path. */
function stringsOf(node: SchemaNode, path: string): readonly (readonly [string, SchemaNode])[] {
  const members = Object.entries(node.properties ?? {}).flatMap(([key, child]) => stringsOf(child, `${path}.${key}`));
  const items = node.items === undefined ? [] : stringsOf(node.items, `${path}[]`);
  return [...members, ...items, ...(node.type === 'string' ? [[path, node] as const] : [])];
}

const requestStrings = Object.entries<EndpointSchemas>(endpointSchemas).flatMap(([operation, { query, body }]) =>
  [query, body].flatMap((schema) => (schema === undefined ? [] : stringsOf(schemaNode(schema), operation))),
);

/** Checked in services, on what they mean: times, the marker of a page, the mode of a task. */
const checkedLater = /_time|\.marker|\.task_mode$/;

describe('the texts of requests', () => {
  it('hold neither NUL nor half a surrogate pair, and whole pairs where any text is taken', () => {
    const plain = requestStrings.filter(([path]) => !checkedLater.test(path));
    expect(plain.length).toBeGreaterThan(100);
    for (const [path, node] of plain) {
      const validator = Compile(node);
      for (const text of ['a\0bcdefgh', '\ud83dabcdefgh', 'abcdefgh\ude00', '\ude00\ud83dabcdefg']) {
        expect(validator.Check(text), `${path} takes ${JSON.stringify(text)}`).toBe(false);
      }
    }
    const any = plain.filter(([, node]) => node['x-rule']?.startsWith('text without'));
    expect(any.length).toBeGreaterThan(20);
    for (const [path, node] of any)
      expect(Compile(node).Check('\ud83d\ude00\n"?$%'.padEnd((node.minLength ?? 0) + 1)), path).toBe(true);
  });
});
