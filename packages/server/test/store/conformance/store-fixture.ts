import fc from 'fast-check';
import { afterEach, beforeEach, expect } from 'vitest';
import { asId, type RecordId } from '../../../src/domain/ids.ts';
import { lastMarker, type Page, type PageRequest } from '../../../src/domain/paging.ts';
import { Problem } from '../../../src/domain/problem.ts';
import type { ProblemName } from '../../../src/domain/problem-catalogue.ts';
import type { Store } from '../../../src/ports/store/store.ts';
import { createGiven, type Given, type Scope } from '../../builders/given.ts';

export interface OpenStore {
  /** Not started yet. */
  readonly store: Store;
  /** Called after `stop`. */
  dispose(): Promise<void>;
}

export type MakeStore = () => Promise<OpenStore>;

export interface Fixture {
  readonly store: Store;
  readonly given: Given;
  readonly scope: Scope;
  /** Somebody else's project. */
  readonly other: Scope;
}

/** A fresh, started store with two projects for every test; asked for within the tests. */
export function useStore(makeStore: MakeStore): () => Fixture {
  let open: OpenStore | undefined;
  let fixture: Fixture | undefined;

  beforeEach(async () => {
    open = await makeStore();
    const { store } = open;
    await store.start();
    const given = createGiven(store);
    fixture = { store, given, scope: await given.scope(), other: await given.scope() };
  });

  afterEach(async () => {
    await open?.store.stop();
    await open?.dispose();
    open = undefined;
    fixture = undefined;
  });

  return () => {
    if (fixture === undefined) throw new Error('Only tests have a store.');
    return fixture;
  };
}

export const firstPage: PageRequest = { limit: 50, marker: lastMarker, offset: 0 };

export async function expectProblem(work: Promise<unknown>, problem: ProblemName): Promise<Problem> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Problem);
  if (!(error instanceof Problem)) throw new Error('Unreachable.');
  expect(error.problem).toBe(problem);
  return error;
}

/**
 * v5 1, Paging, for any limit, marker and offset: the ids below the marker, descending, skipped and cut; `count` of all whatever the
 * page; `marker` of the last item.
 */
export async function expectPaging<Item extends { readonly recordId: RecordId }>(
  list: (page: PageRequest) => Promise<Page<Item>>,
  all: readonly RecordId[],
): Promise<void> {
  const descending = all.toSorted().reverse();
  const marker = fc.oneof(
    fc.constant(lastMarker),
    fc.constantFrom(...all),
    fc.constant(asId<RecordId>('0'.repeat(24))),
  );
  const request = fc.record({
    limit: fc.integer({ min: 1, max: 50 }),
    marker,
    offset: fc.integer({ min: 0, max: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(request, async (page) => {
      const { items, count, marker: next } = await list(page);
      const expected = descending.filter((id) => id < page.marker).slice(page.offset, page.offset + page.limit);
      expect(items.map((item) => item.recordId)).toEqual(expected);
      expect(count).toBe(all.length);
      expect(next).toBe(expected.at(-1) ?? null);
    }),
    { numRuns: 40 },
  );
}
