import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { endpoints } from '../packages/contract/src/v5/index.ts';
import { parseContractCalls } from '../scripts/lib/contract-calls.ts';

const page = readFileSync(new URL('../docs/contract/v5.md', import.meta.url), 'utf8');

/** The calls of one section with these lines, as `POST {P}/things 201`. */
function callsIn(...lines: readonly string[]): string[] {
  const calls = parseContractCalls(`# Page\n\n## 4. Things\n\n${lines.join('\n')}\n\n## 16. End\n`);
  return calls.map(({ method, path, status }) => `${method} ${path} ${status}`);
}

const head = ['| call | success | query |', '|---|---|---|'];

describe('the calls of the contract', () => {
  it('are read from a row, the answer and the body left aside', () => {
    const row = '| POST `{P}/things` `{name*}` → `{"things":[GET `{P}/no`]}` | 201 | paging, 404 |';
    expect(callsIn(...head, row)).toEqual(['POST {P}/things 201']);
  });

  it('come in one row with a status for each method, or one for all', () => {
    expect(callsIn(...head, '| GET, PUT, DELETE `{P}/things/{id}` → Thing | 200, 200, 204 | |')).toEqual([
      'GET {P}/things/{id} 200',
      'PUT {P}/things/{id} 200',
      'DELETE {P}/things/{id} 204',
    ]);
    expect(callsIn(...head, '| GET `{P}/a?x=`*, PUT `{P}/b` | 200 | |')).toEqual(['GET {P}/a 200', 'PUT {P}/b 200']);
    expect(callsIn('| call, all 200 | body |', '|---|---|', '| POST `{P}/a` | `b` 404 |')).toEqual(['POST {P}/a 200']);
  });

  it('may be abbreviated by the collection, by a sibling, and for both of two', () => {
    const rows = [
      '| POST `{P}/x/things` | 201 | |',
      '| Extension: GET `…/things/{id}` | 200 | |',
      '| POST `…/things/{id}/start`, `/stop` | 200 | |',
      '| POST `…/{id}/freeze`, `…/unfreeze` | 204 | |',
    ];
    expect(callsIn(...head, ...rows).slice(1)).toEqual([
      'GET {P}/x/things/{id} 200',
      'POST {P}/x/things/{id}/start 200',
      'POST {P}/x/things/{id}/stop 200',
      'POST {P}/x/things/{id}/freeze 204',
      'POST {P}/x/things/{id}/unfreeze 204',
    ]);
    const both = [
      '| POST `{P}/a` | 201 | |',
      '| POST `{P}/b` | 201 | |',
      '| GET, DELETE `…/{id}` of both | 200, 204 | |',
    ];
    expect(callsIn(...head, ...both).slice(2)).toEqual([
      ...['GET {P}/a/{id} 200', 'GET {P}/b/{id} 200'],
      ...['DELETE {P}/a/{id} 204', 'DELETE {P}/b/{id} 204'],
    ]);
  });

  it('may be abbreviated by what the section says in words', () => {
    const row = '| GET `…/{id}` | 200 | |';
    expect(callsIn('Base `{P}/things/{id}`; more.', '', ...head, '| GET `…/parts` | 200 | |')).toEqual([
      'GET {P}/things/{id}/parts 200',
    ]);
    expect(callsIn('Words. `…` = `{P}/things`.', '', ...head, row)).toEqual(['GET {P}/things/{id} 200']);
  });

  it('are not looked for in other tables', () => {
    expect(callsIn('| POST field | rule |', '|---|---|', '| `name`* | GET one, POST |')).toEqual([]);
  });

  it('that cannot be read are an error, not left out', () => {
    expect(() => callsIn(...head, '| GET, PUT, DELETE `{P}/x` | 200, 204 | |')).toThrow("the statuses '200, 204'");
    expect(() => callsIn(...head, '| GET `{P}/x` | soon | |')).toThrow("the statuses 'soon'");
    expect(() => callsIn(...head, '| GET `…/{id}` | 200 | |')).toThrow('nothing says what … is');
  });

  it('are each on the real page once, in every section that has calls', () => {
    const calls = parseContractCalls(page);
    const places = calls.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(places).size).toBe(places.length);
    const sections = new Set(calls.map(({ section }) => section));
    expect([...sections]).toEqual([
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '11',
      '12',
      '14',
      '15.1',
      '15.2',
      '15.3',
      '15.4',
      '15.6',
    ]);
    expect(calls).toHaveLength(102);
  });

  it('agree with the endpoint table in place and status', () => {
    const known = new Map(parseContractCalls(page).map(({ method, path, status }) => [`${method} ${path}`, status]));
    // The page has these in words, outside its tables.
    known.set('GET {P}/batchtasks/{task_id}/failed-rows', 200);
    known.set('GET {P}/batchtask-files/templates/{task_type}', 200);
    known.set('POST {P}/apps/{app_id}/legacy-secret', 201);
    known.set('DELETE {P}/apps/{app_id}/legacy-secret', 204);
    known.set('PUT {P}/apps/{owner_app_id}/legacy-grants/{caller_app_id}', 204);
    known.set('DELETE {P}/apps/{owner_app_id}/legacy-grants/{caller_app_id}', 204);
    const served = endpoints.filter(({ path }) => path.startsWith('/v5/'));
    for (const { method, path, status } of served) {
      const place = `${method} ${path.replace('/v5/iot/{project_id}', '{P}')}`;
      expect([place, known.get(place)]).toEqual([place, status]);
    }
  });
});
