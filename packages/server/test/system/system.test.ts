import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sleep } from '../../src/ports/clock.ts';
import { createLog } from '../../src/system/log.ts';
import { loadMasterKey, parseMasterKey } from '../../src/system/master-key.ts';
import { createMetrics } from '../../src/system/metrics.ts';
import { createPasswordHasher } from '../../src/system/password-hasher.ts';
import { createRealClock } from '../../src/system/real-clock.ts';
import { createOrderedIds, createRealRandom } from '../../src/system/real-random.ts';
import { createSecretBox } from '../../src/system/secret-box.ts';
import { createManualClock } from '../support/manual-clock.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-system-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('ordered ids', () => {
  const processPart = Buffer.from('0102030405', 'hex');

  it('are seconds, process and counter in 24 hex digits', () => {
    const next = createOrderedIds({ now: () => 1_000_000_000_000, processPart, counter: 0xff });
    expect(next()).toBe('3b9aca0001020304050000ff');
  });

  it('rise whatever clock and counter do', () => {
    let now = 1_700_000_000_000;
    const next = createOrderedIds({ now: () => now, processPart, counter: 2 ** 24 - 2 });
    const ids = [next(), next(), next()];
    for (const step of [-5000, 0, 900, 1000, 5000, -1, 60_000]) {
      now += step;
      ids.push(next(), next());
    }
    expect(ids.every((id) => /^[0-9a-f]{24}$/.test(id))).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('differ between processes', () => {
    const [a, b] = [createRealRandom(() => 0), createRealRandom(() => 0)];
    expect(a.orderedId().slice(8, 18)).not.toBe(b.orderedId().slice(8, 18));
  });
});

describe('the real clock', () => {
  it('runs what is due and not what was cancelled', async () => {
    const clock = createRealClock();
    const { promise, resolve } = Promise.withResolvers<string>();
    clock.setTimer(1, () => resolve('cancelled')).cancel();
    clock.setTimer(5, () => resolve('due'));
    expect(await promise).toBe('due');
  });

  it('does not run a timer of years at once', async () => {
    const clock = createRealClock();
    let ran = false;
    const timer = clock.setTimer(365 * 86_400_000, () => {
      ran = true;
    });
    await sleep(clock, 10, new AbortController().signal);
    timer.cancel();
    expect(ran).toBe(false);
  });
});

describe('the manual clock', () => {
  it('runs due timers in order, those that they set included', async () => {
    const clock = createManualClock(0);
    const seen: string[] = [];
    const note = (name: string) => () => void seen.push(`${name}@${clock.now()}`);
    clock.setTimer(20, note('b'));
    clock.setTimer(10, () => {
      note('a')();
      void sleep(clock, 5, new AbortController().signal).then(note('chained'));
    });
    clock.setTimer(20, note('c'));
    clock.setTimer(31, note('later'));
    await clock.advance(30);
    expect(seen).toEqual(['a@10', 'chained@15', 'b@20', 'c@20']);
    expect([clock.now(), clock.pending()]).toEqual([30, [31]]);
  });
});

describe('the secret box', () => {
  const key = Buffer.alloc(32, 1);

  it('opens what it sealed, whatever the text', () => {
    const box = createSecretBox(key, 'stored-secrets');
    for (const text of ['', 'secret', '中文 \u0000 \u{1f511}', 'x'.repeat(100_000)])
      expect(box.open(box.seal(text))).toBe(text);
    expect(box.seal('a')).not.toBe(box.seal('a'));
  });

  it('opens nothing of another key, purpose or version, and nothing that was changed', () => {
    const box = createSecretBox(key, 'stored-secrets');
    const sealed = box.seal('secret');
    expect(() => createSecretBox(Buffer.alloc(32, 2), 'stored-secrets').open(sealed)).toThrow();
    expect(() => createSecretBox(key, 'tokens').open(sealed)).toThrow();
    for (const wrong of ['', 'v1.', 'v2.AAAA', sealed.slice(0, -4), `${sealed}AAAA`, sealed.replace('v1.', 'v2.')]) {
      expect(() => box.open(wrong)).toThrow();
    }
  });
});

describe('the master key', () => {
  it('is made once, for its owner alone', async () => {
    const [first, second] = await Promise.all([loadMasterKey(folder), loadMasterKey(folder)]);
    expect(Buffer.from(first)).toEqual(Buffer.from(second));
    expect(Buffer.from(await loadMasterKey(folder))).toEqual(Buffer.from(first));
    expect(readdirSync(folder)).toEqual(['master.key']);
    expect(statSync(join(folder, 'master.key')).mode & 0o777).toBe(0o600);
  });

  it('must be 32 bytes in base64', async () => {
    expect(parseMasterKey(Buffer.alloc(32, 9).toString('base64'))).toHaveLength(32);
    for (const wrong of ['', 'abc', Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64')]) {
      expect(() => parseMasterKey(wrong)).toThrow('MUSTER_MASTER_KEY must be 32 bytes');
    }
    writeFileSync(join(folder, 'master.key'), 'broken');
    await expect(loadMasterKey(folder)).rejects.toThrow('master.key must be 32 bytes');
    expect(readFileSync(join(folder, 'master.key'), 'utf8')).toBe('broken');
  });
});

describe('passwords', () => {
  const source = '127.0.0.1';
  const hasher = createPasswordHasher({ N: 16, r: 8, p: 1 });

  it('are verified against their own salted hash only', async () => {
    const hash = await hasher.hash('open sesame');
    expect(hash).toMatch(/^scrypt\$16\$8\$1\$/);
    expect(await hasher.hash('open sesame')).not.toBe(hash);
    expect(await hasher.verify('open sesame', hash, source)).toBe(true);
    for (const wrong of ['open sesam', '', 'open sesame '])
      expect(await hasher.verify(wrong, hash, source)).toBe(false);
  });

  it('are never right without a hash, not even empty ones', async () => {
    for (const hash of [undefined, '', 'scrypt', 'scrypt$16$8$1$$', 'plain$x']) {
      expect(await hasher.verify('', hash, source)).toBe(false);
    }
  });

  it('are the same password composed or decomposed', async () => {
    expect(await hasher.verify('Bj\u006f\u0308rn', await hasher.hash('Bj\u00f6rn'), source)).toBe(true);
  });

  it('are hashed as often as asked, a few at a time', async () => {
    const hashes = await Promise.all(Array.from({ length: 20 }, (_, at) => hasher.hash(`p${at}`)));
    const verified = await Promise.all(hashes.map((hash, at) => hasher.verify(`p${at}`, hash, source)));
    expect(verified.every(Boolean)).toBe(true);
  });

  it('are refused when too many wait already, and taken again once they are through', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 100 }, () => hasher.verify('guess', undefined, source)),
    );
    const refused = tries.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(100 - 2 - 64);
    expect(refused[0]).toMatchObject({ reason: { problem: 'rateLimited' } });
    expect(await hasher.verify('guess', undefined, source)).toBe(false);
  });

  it('are verified for one address while another floods the line', async () => {
    const hash = await hasher.hash('open sesame');
    const ended: string[] = [];
    const flood = Promise.allSettled(
      Array.from({ length: 100 }, async () => {
        await hasher.verify('guess', hash, '192.0.2.1');
        ended.push('guess');
      }),
    );
    const proven = hasher.verify('open sesame', hash, '192.0.2.2').finally(() => ended.push('proven'));
    expect(await proven).toBe(true);
    const tries = await flood;
    // Of the flood, what ran and at most the next one or two: not the 64 that were there before.
    expect(ended.indexOf('proven')).toBeLessThanOrEqual(4);
    // Its newest gave way.
    expect(tries.filter(({ status }) => status === 'rejected')).toHaveLength(100 - 2 - 63);
  });
});

describe('the log', () => {
  function createSink() {
    const lines: string[] = [];
    const destination = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(chunk.toString());
        done();
      },
    });
    return { lines, destination };
  }

  it('writes JSON lines with level, time and fields', () => {
    const { lines, destination } = createSink();
    const log = createLog({ level: 'info', format: 'json', destination }).child({ node: 'n1' });
    log.debug({}, 'unseen');
    log.info({ port: 1 }, 'muster ready');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', node: 'n1', port: 1, msg: 'muster ready' });
  });

  it('never writes a secret that is handed over by mistake', () => {
    const { lines, destination } = createSink();
    const log = createLog({ level: 'info', format: 'json', destination });
    log.info(
      {
        password: 'hunter2',
        secretKey: 'hunter2',
        device: { secret: 'hunter2' },
        headers: { 'x-auth-token': 'hunter2' },
      },
      'x',
    );
    expect(lines.join('')).not.toContain('hunter2');
  });
});

describe('metrics', () => {
  it('count, observe and read under the prefix muster_', async () => {
    const metrics = createMetrics();
    metrics.count('subtasks_settled_total', { task_type: 'createCommands', outcome: 'Success' }, 3);
    metrics.observe('settle_seconds', 0.02);
    metrics.gauge('queue_depth', () => 4, { state: 'Waitting' });
    metrics.gauge('queue_depth', () => 5, { state: 'Processing' });
    const { text } = await metrics.read();
    expect(text).toContain('muster_subtasks_settled_total{task_type="createCommands",outcome="Success"} 3');
    expect(text).toContain('muster_settle_seconds_count 1');
    expect(text).toContain('muster_queue_depth{state="Waitting"} 4');
    expect(text).toContain('muster_queue_depth{state="Processing"} 5');
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
  });
});
