import { describe, expect, it } from 'vitest';
import type { AccessCode } from '../../../src/domain/queue.ts';
import { builtAt, uniqueName } from '../../builders/chance.ts';
import { type MakeStore, useStore } from './store-fixture.ts';

export function describeAccessCodes(makeStore: MakeStore): void {
  describe('access codes', () => {
    const fixture = useStore(makeStore);
    const codes = () => fixture().store.accessCodes;
    const replace = async (over: Partial<AccessCode> = {}, disconnects = false): Promise<AccessCode> => {
      const { projectId } = fixture().scope;
      const made = {
        projectId,
        type: 'AMQP',
        accessKey: uniqueName('key-'),
        codeHash: 'hash',
        createdAt: builtAt,
        ...over,
      } as const;
      await codes().replace(made, { disconnects });
      return made;
    };

    it('are one for each project and type, the newest', async () => {
      const first = await replace();
      const kept = [await replace({ type: 'MQTT' }), await replace({ projectId: fixture().other.projectId })];
      const second = await replace({ createdAt: builtAt + 1 }, true);
      expect(await codes().find(first.accessKey)).toBeUndefined();
      for (const code of [...kept, second]) expect(await codes().find(code.accessKey)).toEqual(code);
    });
  });
}
