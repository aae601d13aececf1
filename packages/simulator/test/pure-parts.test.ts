import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDownlink, parseEvents, parsePayload } from '../src/downlink.ts';
import { drawLatency } from '../src/latency.ts';
import { createLimiter } from '../src/limiter.ts';
import { createLogin, devicePassword } from '../src/login.ts';
import { parseOffer } from '../src/offer.ts';
import { createRandom, shuffle } from '../src/random.ts';
import { shareOut } from '../src/share.ts';

describe('the login of a device', () => {
  it('has the password of the check vector of device 1.3', () => {
    expect(devicePassword('12345678', '2025041401')).toBe(
      'c75150e6cb841417396819e4d2ee4358a416344a03a083e3a8567074ddec820a',
    );
  });

  it('names device type 0, sign type 0 and the UTC hour', () => {
    const login = createLogin('p_q_1', 'secret', new Date('2026-03-01T08:59:59Z'));
    expect(login).toMatchObject({ clientId: 'p_q_1_0_0_2026030108', username: 'p_q_1' });
  });
});

describe('downlinks', () => {
  it('are sorted by their topic', () => {
    const at = (suffix: string) => parseDownlink(`$oc/devices/p_1${suffix}`);
    expect(at('/sys/commands/request_id=r-1')).toEqual({ kind: 'command', requestId: 'r-1' });
    expect(at('/sys/properties/set/request_id=r')).toEqual({ kind: 'propertiesSet', requestId: 'r' });
    expect(at('/sys/properties/get/request_id=r')).toEqual({ kind: 'propertiesGet', requestId: 'r' });
    expect(at('/sys/shadow/get/response/request_id=r')).toEqual({ kind: 'shadow' });
    expect(at('/sys/messages/down')).toEqual({ kind: 'message' });
    expect(at('/sys/events/down')).toEqual({ kind: 'events' });
    expect(at('/user/x')).toEqual({ kind: 'other' });
    expect(parseDownlink('free/topic')).toEqual({ kind: 'other' });
  });

  it('never throw, whatever their bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          const body = parsePayload(Buffer.from(bytes));
          if (body !== undefined) parseEvents(body).map(parseOffer);
        },
      ),
    );
  });

  it('hold offers of both generations', () => {
    const paras = { version: '2', url: 'http://h/p?v=2', sign: 'ab', file_size: 3, expires: 86400 };
    const offer = (eventType: string, more = {}) =>
      parseOffer({ serviceId: '$ota', eventType, paras: { ...paras, ...more } });
    expect(offer('firmware_upgrade', { access_token: 't' })).toEqual({
      field: 'firmwareVersion',
      version: '2',
      url: 'http://h/p?v=2',
      accessToken: 't',
      sign: 'ab',
      fileSize: 3,
    });
    expect(offer('software_upgrade_v2')).toMatchObject({ field: 'softwareVersion', accessToken: undefined });
    expect(offer('version_query')).toBeUndefined();
    expect(offer('firmware_upgrade', { url: null })).toBeUndefined();
  });
});

describe('chance', () => {
  it('repeats itself for the same seed and differs for another', () => {
    const draw = (seed: number): number[] => Array.from({ length: 5 }, createRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('stays within the bounds of a latency', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(1000), fc.nat(1000), (seed, minMs, more) => {
        const random = createRandom(seed);
        const maxMs = minMs + more;
        const uniform = drawLatency({ kind: 'uniform', minMs, maxMs }, random);
        const exponential = drawLatency({ kind: 'exponential', meanMs: minMs, maxMs }, random);
        expect(uniform).toBeGreaterThanOrEqual(minMs);
        expect(uniform).toBeLessThanOrEqual(maxMs);
        expect(exponential).toBeGreaterThanOrEqual(0);
        expect(exponential).toBeLessThanOrEqual(maxMs);
      }),
    );
  });

  it('shuffles without losing anything', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer(), (items, seed) => {
        expect(shuffle(items, createRandom(seed)).sort()).toEqual([...items].sort());
      }),
    );
  });

  it('deals exact shares out to distinct devices', () => {
    const ids = Array.from({ length: 200 }, (_, index) => `d${index}`);
    const fail = { name: 'fail', share: 0.05, behaviour: { upgrade: { kind: 'fail', resultCode: 4 } } } as const;
    const offline = { name: 'offline', share: 0.033, behaviour: { upgrade: { kind: 'offline' } } } as const;
    const dealt = shareOut(ids, [fail, offline], 1);
    const names = [...dealt.values()].map((share) => share.name);
    expect(names.filter((name) => name === 'fail')).toHaveLength(10);
    expect(names.filter((name) => name === 'offline')).toHaveLength(7);
    expect([...dealt.keys()].every((id) => ids.includes(id))).toBe(true);
    expect(shareOut(ids, [fail, offline], 1)).toEqual(dealt);
    expect(() => shareOut(ids, [{ ...fail, share: 1.1 }], 1)).toThrow(RangeError);
  });
});

describe('a limiter', () => {
  it('keeps to its limit and to the order of arrival', async () => {
    const limiter = createLimiter(2);
    const { signal } = new AbortController();
    const order: number[] = [];
    let running = 0;
    let peak = 0;
    const job = (index: number) => async (): Promise<void> => {
      running += 1;
      peak = Math.max(peak, running);
      order.push(index);
      await Promise.resolve();
      running -= 1;
    };
    await Promise.all([0, 1, 2, 3, 4].map((index) => limiter.run(job(index), signal)));
    expect(peak).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives a place back when a job fails and drops a waiter that was aborted', async () => {
    const limiter = createLimiter(1);
    const { signal } = new AbortController();
    const blocked = Promise.withResolvers<void>();
    const abort = new AbortController();
    const first = limiter.run(() => blocked.promise, signal);
    const second = limiter.run(() => Promise.resolve('never'), abort.signal);
    const third = limiter.run(() => Promise.resolve('third'), signal);
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(second).rejects.toBe(reason);
    blocked.reject(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    expect(await third).toBe('third');
  });
});
