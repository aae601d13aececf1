import { endpointSchemas, type EndpointSchemas, endpoints } from '@muster/contract/v5';
import { beforeEach, expect, it } from 'vitest';
import type { HttpAnswer } from '../../../support/http-client.ts';
import { nobodyHas } from './nobody-has.ts';
import { type SeededList, seedLists } from './seeded-lists.ts';

type Json = Record<string, unknown>;
type Query = Readonly<Record<string, string>>;

let seeded: Awaited<ReturnType<typeof seedLists>>;
beforeEach(async () => {
  seeded = await seedLists();
});

const schemas: Readonly<Record<string, EndpointSchemas>> = endpointSchemas;
const paging = ['limit', 'marker', 'offset'];
/** Its marker is its own (v5 15.3); test/push/http/deliveries-api.test.ts walks it. */
const walkedElsewhere = 'ListRuleActionDeliveries';

/** Members of the query of a call. */
const membersOf = (operationId: string): readonly string[] =>
  Object.keys(schemas[operationId]?.query?.properties ?? {});

const pagedCalls = endpoints
  .filter(({ path, operationId }) => path.startsWith('/v5/') && membersOf(operationId).includes('limit'))
  .filter(({ operationId }) => operationId !== walkedElsewhere)
  .map(({ operationId }) => operationId);

/** A member of the query that is given twice is an error, so what the path has is replaced. */
function ask({ method, path, body }: SeededList, query: Query): Promise<HttpAnswer> {
  const [place = '', given] = path.split('?');
  const all = new URLSearchParams(given);
  for (const [name, value] of Object.entries(query)) all.set(name, value);
  return seeded.api.ofProject(method, `${place}?${all}`, body);
}

const codeOf = (answer: HttpAnswer): string =>
  `${answer.status} ${String((answer.json as Json | undefined)?.['error_code'] ?? '')}`.trim();

interface Page {
  readonly ids: readonly unknown[];
  /** The history of commands has none; it is counted by another call. */
  readonly count: unknown;
  readonly marker: unknown;
}

async function pageOf(list: SeededList, query: Query): Promise<Page> {
  const answer = await ask(list, query);
  expect([list.operationId, answer.status, answer.text]).toEqual([list.operationId, 200, expect.anything()]);
  const body = answer.json as Json;
  const { count, marker } = (body['page'] ?? body) as Json;
  return { ids: (body[list.key] as readonly Json[]).map((entry) => entry[list.id]), count, marker };
}

/** One line per list that is not as it should be. */
async function eachList(look: (list: SeededList) => Promise<readonly string[]>): Promise<readonly string[]> {
  const found: string[] = [];
  for (const list of seeded.lists) found.push(...(await look(list)).map((what) => `${list.operationId}: ${what}`));
  return found;
}

it('every paged list of the contract is looked at here', () => {
  expect(seeded.lists.map(({ operationId }) => operationId).toSorted()).toEqual(pagedCalls.toSorted());
});

it('a list is walked to its end by marker and by offset, without a gap and without repeats [v5 11]', async () => {
  const wrong = await eachList(async (list) => {
    const { ids, count } = await pageOf(list, { limit: '50' });
    const byMarker: unknown[] = [];
    let marker: unknown = 'f'.repeat(24);
    while (marker !== null && byMarker.length <= ids.length) {
      const page = await pageOf(list, { limit: '1', marker: String(marker) });
      byMarker.push(...page.ids);
      if (page.count !== count) return [`${String(page.count)} behind a marker, ${String(count)} at the start`];
      marker = page.marker;
    }
    const byOffset: unknown[] = [];
    for (let offset = 0; offset <= ids.length; offset += 1) {
      byOffset.push(...(await pageOf(list, { limit: '1', offset: String(offset) })).ids);
    }
    const walks = JSON.stringify([byMarker, byOffset]);
    const isCounted = count === undefined || count === ids.length;
    return walks === JSON.stringify([ids, ids]) && ids.length >= (list.entries ?? 3) && isCounted
      ? []
      : [`${walks}, ${count}: ${ids}`];
  });
  expect(wrong).toEqual([]);
});

it('a list takes the bounds of limit, marker and offset, refuses what lies beyond with 000017 and 000018 [v5 12]', async () => {
  const good: readonly Query[] = [{ limit: '1' }, { limit: '50' }, { offset: '500' }, { marker: '0'.repeat(24) }];
  const wrong = await eachList(async (list) => {
    const found: string[] = [];
    const bad: readonly (readonly [Query, string])[] = [
      ...['0', '51', '-1', '1.5', 'x', '', '1e1'].map((limit) => [{ limit }, '000017'] as const),
      ...['', 'F'.repeat(24), 'f'.repeat(23), 'f'.repeat(25), 'g'.repeat(24)].map(
        (marker) => [{ marker }, '000018'] as const,
      ),
      ...['-1', 'x', '', ...(list.operationId === 'ShowBatchTask' ? [] : ['501'])].map(
        (offset) => [{ offset }, '000018'] as const,
      ),
    ];
    for (const query of good) if ((await ask(list, query)).status !== 200) found.push(JSON.stringify(query));
    for (const [query, code] of bad) {
      const got = codeOf(await ask(list, query));
      if (got !== `400 IOTDA.${code}`) found.push(`${JSON.stringify(query)} gets ${got}`);
    }
    return found;
  });
  expect(wrong).toEqual([]);
});

it('a list has a page of ten where no limit is named, and none of it behind its end', async () => {
  const { api, lists, otherApp } = seeded;
  const products = lists[0] as SeededList;
  for (let n = 0; n < 12; n += 1) await api.given.product(api.scope);
  expect((await pageOf(products, {})).ids).toHaveLength(10);
  const end = await ask(products, { offset: '50' });
  expect([end.status, end.json]).toEqual([200, { products: [], page: { count: 16, marker: null } }]);
  expect((await pageOf(products, { app_id: otherApp.appId })).ids).toEqual([]);
});

it('a list is narrowed by every member of its query: none is taken and ignored', async () => {
  const wrong = await eachList(async (list) => {
    const found: string[] = [];
    // There is one type only.
    const plain = [...paging, 'resource_type'];
    for (const name of membersOf(list.operationId).filter((member) => !plain.includes(member))) {
      const values = nobodyHas(list.operationId, name, seeded.otherApp.appId);
      if (values.length === 0) found.push(`no value of ${name} that nobody has`);
      for (const query of values) {
        const { ids, count } = await pageOf(list, query);
        if (ids.length > 0 || (count ?? 0) !== 0)
          found.push(`${JSON.stringify(query)} finds ${ids.length} of ${count}`);
      }
    }
    return found;
  });
  expect(wrong).toEqual([]);
});

it('a list has all its entries where a filter is empty, which is as if it were absent', async () => {
  const wrong = await eachList(async (list) => {
    const { ids } = await pageOf(list, { limit: '50' });
    const found: string[] = [];
    const query = schemas[list.operationId]?.query as { readonly required?: readonly string[] } | undefined;
    const needed = new Set([...paging, ...(query?.required ?? [])]);
    for (const name of membersOf(list.operationId).filter((each) => !needed.has(each))) {
      const page = await pageOf(list, { limit: '50', [name]: '' });
      if (page.ids.length !== ids.length) found.push(`${name} finds ${page.ids.length} of ${ids.length}`);
    }
    return found;
  });
  expect(wrong).toEqual([]);
});
