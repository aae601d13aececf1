import { describe, expect, it } from 'vitest';
import { createFairLine } from '../../src/system/fair-line.ts';

class Full extends Error {}

/** A line that runs one at a time, and what has run in it. */
function useLine(lengthMax: number) {
  const line = createFairLine({ width: 1, lengthMax, refusal: () => new Full() });
  const ran: string[] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const first = line('gate', () => gate);
  const ask = (who: string, name: string) =>
    line(who, async () => {
      ran.push(name);
    }).then(
      () => 'ran',
      (error: unknown) => (error instanceof Full ? 'refused' : error),
    );
  const finish = async (): Promise<void> => {
    open();
    await first;
  };
  return { line, ran, ask, finish };
}

describe('a fair line', () => {
  it('gives turns to all who wait, and to each in the order in which he asked', async () => {
    const { ran, ask, finish } = useLine(10);
    const asked = [...['a1', 'a2', 'a3', 'a4'], ...['b1', 'b2'], 'c1'].map((name) => ask(name.charAt(0), name));
    await finish();
    expect(await Promise.all(asked)).toEqual(asked.map(() => 'ran'));
    expect(ran).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
  });

  it('takes the place of the newest of whoever has the most, once it is full', async () => {
    const { ran, ask, finish } = useLine(4);
    const names = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2', 'b3', 'c1'];
    const asked = names.map((name) => ask(name.charAt(0), name));
    await finish();
    const ends = await Promise.all(asked);
    // b3 would have more than anybody; c1 takes what is left of the longer two.
    expect(names.filter((_, at) => ends[at] === 'ran').toSorted()).toEqual(['a1', 'b1', 'b2', 'c1']);
    expect(ran).toEqual(['a1', 'b1', 'c1', 'b2']);
  });

  it('goes on after works that fail, and keeps nothing of those who are through', async () => {
    const { line, ran, ask, finish } = useLine(1);
    const failing = line('a', () => Promise.reject(new Error('broken')));
    await finish();
    await expect(failing).rejects.toThrow('broken');
    for (let n = 0; n < 3; n += 1) expect(await ask('a', `a${n}`)).toBe('ran');
    expect(ran).toEqual(['a0', 'a1', 'a2']);
  });
});
