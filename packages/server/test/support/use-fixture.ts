import { afterEach, beforeEach } from 'vitest';

/** A fresh one for every test, closed behind it; asked for within the tests. */
export function useFixture<Fixture extends { close(): Promise<void> }>(open: () => Promise<Fixture>): () => Fixture {
  let fixture: Fixture | undefined;
  beforeEach(async () => {
    fixture = await open();
  });
  afterEach(async () => {
    await fixture?.close();
    fixture = undefined;
  });
  return () => {
    if (fixture === undefined) throw new Error('Only tests have a fixture.');
    return fixture;
  };
}
