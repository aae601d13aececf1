import { afterEach, describe, expect, it } from 'vitest';
import type { MakeStore, OpenStore } from './store-fixture.ts';

export function describeLifecycle(makeStore: MakeStore): void {
  describe('start and stop', () => {
    const opened: OpenStore[] = [];
    const make = async () => {
      const open = await makeStore();
      opened.push(open);
      return open.store;
    };

    afterEach(async () => {
      for (const { store, dispose } of opened.splice(0)) {
        await store.stop();
        await dispose();
      }
    });

    it('start twice, also at the same time, opens once', async () => {
      const store = await make();
      await Promise.all([store.start(), store.start()]);
      await store.start();
      expect(await store.outbox.size()).toBe(0);
    });

    it('stop twice, also before any start, does nothing more', async () => {
      const store = await make();
      await store.stop();
      await store.start();
      await Promise.all([store.stop(), store.stop()]);
      await store.stop();
    });

    it('refuses work before start and after stop', async () => {
      const store = await make();
      await expect(store.outbox.size()).rejects.toThrow('not started');
      await store.start();
      await store.stop();
      await expect(store.outbox.size()).rejects.toThrow('not started');
      await expect(store.outbox.finish([], 1)).rejects.toThrow('not started');
    });

    it('finishes on stop what was asked for before', async () => {
      const store = await make();
      await store.start();
      const asked = store.outbox.finish([], 1);
      await store.stop();
      await expect(asked).resolves.toBeUndefined();
    });
  });
}
