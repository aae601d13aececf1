import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { devicePassword } from '../src/login.ts';
import { useWorld } from './fleet-fixture.ts';

describe('connections of a fleet', () => {
  const world = useWorld();

  it('log in as official libraries do and never subscribe', async () => {
    const fleet = await world.one();
    const [connect] = world.server.connects;
    const [, , , , hour = ''] = /^(p_1)(_0)(_0)_(\d{10})$/.exec(connect?.clientId ?? '') ?? [];
    expect(connect).toMatchObject({ protocolVersion: 4, clean: true, keepalive: 120, username: 'p_1' });
    expect(String(connect?.password)).toBe(devicePassword('s', hour));
    expect(fleet.statistics).toMatchObject({ connected: 1, connects: 1 });
    await fleet.stop();
    expect(world.server.strange).toEqual([]);
  });

  it('say DISCONNECT when the fleet stops, and stay away', async () => {
    const devices = Array.from({ length: 20 }, (_, index) => ({ deviceId: `p_${index}`, secret: 's' }));
    const fleet = await world.fleet(devices);
    await Promise.all([fleet.stop(), fleet.stop()]);
    await world.server.until(() => world.server.sessions.size === 0);
    expect(world.server.farewells).toBe(20);
    expect(world.server.connects).toHaveLength(20);
    expect(fleet.statistics.connected).toBe(0);
  });

  it('come back after the link broke', async () => {
    const fleet = await world.one();
    world.server.sessions.get('p_1')?.destroy();
    await once(fleet.events, 'connected');
    expect(fleet.statistics).toMatchObject({ connected: 1, connects: 2, disconnects: 1 });
  });

  it('repeat a refused connect, but give up on a bad login', async () => {
    const answers = [3, 5, 0];
    world.server.refuse = () => answers.shift() ?? 0;
    expect((await world.one()).statistics).toMatchObject({ refusals: 2, connects: 1 });
    world.server.refuse = () => 4;
    const refused = await world.fleet([{ deviceId: 'p_2', secret: 'wrong' }]);
    expect(refused.statistics).toMatchObject({ refusals: 1, connects: 0 });
  });

  it('are opened a bounded number at a time', async () => {
    let waiting = 0;
    let peak = 0;
    world.server.refuse = () => {
      waiting += 1;
      peak = Math.max(peak, waiting);
      queueMicrotask(() => {
        waiting -= 1;
      });
      return 0;
    };
    const devices = Array.from({ length: 30 }, (_, index) => ({ deviceId: `p_${index}`, secret: 's' }));
    const fleet = await world.fleet(devices, { connectConcurrency: 3 });
    expect(fleet.statistics.connected).toBe(30);
    expect(peak).toBeLessThanOrEqual(3);
  });

  it('are not made for devices that are offline by script', async () => {
    const fleet = await world.fleet([
      { deviceId: 'p_1', secret: 's', behaviour: { upgrade: { kind: 'offline' } } },
      { deviceId: 'p_2', secret: 's' },
    ]);
    expect(fleet.statistics.connected).toBe(1);
    expect(world.server.connects).toHaveLength(1);
    expect(fleet.device('p_1')).toMatchObject({ connected: false });
  });

  it('break and return under churn', async () => {
    const fleet = await world.one({}, { churn: { dropsPerSecond: 200, away: 1 } });
    await world.server.until(() => world.server.connects.length >= 3);
    expect(fleet.statistics.disconnects).toBeGreaterThanOrEqual(2);
  });

  it('can be stopped while the server is away', async () => {
    const fleet = await world.one();
    await world.server.close();
    await fleet.stop();
    expect(fleet.statistics.connected).toBe(0);
  });

  it('can be stopped before anything was connected', async () => {
    world.server.refuse = () => 3;
    const starting = world.one({}, { reconnect: { firstMs: 60_000, maxMs: 60_000 } }).then(() => 'started');
    await world.server.until(() => world.server.connects.length === 1);
    // afterEach stops the fleet in its long pause: a leak would keep the test process alive.
    expect(starting).toBeInstanceOf(Promise);
  });
});
