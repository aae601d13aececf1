import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { childrenPerGatewayMax } from '../../../src/domain/device.ts';
import { createSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { createRealClock } from '../../../src/system/real-clock.ts';
import { box, random } from '../../builders/chance.ts';
import { createGiven } from '../../builders/given.ts';
import { expectProblem } from '../conformance/store-fixture.ts';

it('A gateway with 50,000 children takes no other, whether new or from another gateway', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-full-'));
  const path = join(folder, 'muster.db');
  const store = createSqliteStore({ path, durability: 'full', box, random, clock: createRealClock() });
  onTestFinished(async () => {
    await store.stop();
    await rm(folder, { recursive: true });
  });
  await store.start();
  const given = createGiven(store);
  const scope = await given.scope();
  const [full, other] = [await given.device(scope), await given.device(scope)];
  const [inside, outside] = [await given.device(scope, { parent: full }), await given.device(scope, { parent: other })];

  // As if there were so many: to make them takes minutes.
  const database = new DatabaseSync(path);
  database
    .prepare('UPDATE devices SET child_count = ? WHERE device_id = ?')
    .run(childrenPerGatewayMax - 1, full.deviceId);
  database.close();
  const last = await given.device(scope, { parent: full });
  await expectProblem(given.device(scope, { parent: full }), 'childLimit');
  const move = ({ deviceId }: typeof full, to: typeof full) =>
    store.devices.changeGateway(scope.projectId, deviceId, { gatewayId: to.deviceId, at: 1 });
  await expectProblem(move(outside, full), 'childLimit');
  expect(await store.devices.find(scope.projectId, outside.deviceId)).toEqual(outside);
  expect(await store.devices.childListVersion(other.deviceId)).toBe(1);

  // Within the family nothing is added, and what leaves makes room.
  expect((await move(last, inside)).device.parentId).toBe(inside.deviceId);
  await move(last, other);
  expect((await move(outside, full)).device.rootId).toBe(full.deviceId);
});
