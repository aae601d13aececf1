import { expect, test } from 'vitest';
import { createPlaces } from '../../src/services/places.ts';

/** Work that begins when it has a place and ends when it is told to. */
function createWork() {
  const places = createPlaces<string>({ allMax: 2, eachMax: 1 });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (key: string, name: string): Promise<string> =>
    places(key, async () => {
      begun.push(name);
      await new Promise<void>((end) => ends.set(name, end));
      return name;
    });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await turn();
  };
  return { places, begun, ask, end, turn };
}

test('who has a place already waits for it, and lets others go first', async () => {
  const { begun, ask, end, turn } = createWork();
  const all = ['a1', 'a2', 'a3', 'b1', 'c1'].map((name) => ask(name.slice(0, 1), name));
  await turn();
  expect(begun).toEqual(['a1', 'b1']);
  await end('b1');
  expect(begun).toEqual(['a1', 'b1', 'c1']);
  await end('a1');
  expect(begun).toEqual(['a1', 'b1', 'c1', 'a2']);
  await end('c1');
  expect(begun).toHaveLength(4);
  await end('a2');
  await end('a3');
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'b1', 'c1']);
});

test('work that fails gives its place back', async () => {
  const { places, begun, ask, end, turn } = createWork();
  await expect(places('a', () => Promise.reject(new Error('No.')))).rejects.toThrow('No.');
  const next = ask('a', 'a1');
  await turn();
  expect(begun).toEqual(['a1']);
  await end('a1');
  expect(await next).toBe('a1');
});
