import { describe, expect, it } from 'vitest';
import { keptMemory } from '../../support/kept-memory.ts';
import { useAmqpFixture } from './amqp-fixture.ts';
import {
  amqpHeader,
  attach,
  begin,
  connectRaw,
  detach,
  flow,
  frame,
  open,
  openWithin,
  saslHeader,
  signInOf,
} from './raw-consumer.ts';

const fixture = useAmqpFixture();
/** How each answer to a `detach` begins. */
const detachMark = '\0\x53\x16';
const emptyFrame = frame(Buffer.alloc(0));

/** A server whose queue has so many messages, each of a device of its own. */
async function filled(
  count: number,
  limits: NonNullable<Parameters<ReturnType<typeof fixture>['server']>[0]>['limits'],
) {
  const { given, scope, fill, report, server } = fixture();
  await fill();
  await report(await given.devices(scope, count), 'x');
  return server({ limits: limits ?? {} });
}

/** Another consumer gets so many messages. */
async function othersGoOn(port: number, count: number): Promise<void> {
  const { client, queue } = fixture();
  const other = client(port);
  const consumer = other.receiver(queue.name, { credit_window: count });
  for (let n = 0; n < count; n += 1) for (const { delivery } of await consumer.next(1)) delivery.accept();
  other.connection.close();
  await other.when('connection_close');
}

const begun = () => [...signInOf(fixture()), amqpHeader, open, begin];

describe('a consumer', () => {
  it('that falls silent is dropped, and what it had in hand goes to another', async () => {
    const { port } = await filled(1, { idleTimeoutMs: 250 });
    const silent = connectRaw(port);
    silent.say(...begun(), attach(fixture().queue.name), flow(10));
    await silent.until((heard) => heard.includes('device.message'));
    // Its connection stays open at its end: nobody says goodbye, as after a cut cable.
    await silent.ended;
    await othersGoOn(port, 1);
  });

  it('that says something now and then stays', async () => {
    const { port } = await filled(1, { idleTimeoutMs: 250 });
    const alive = connectRaw(port);
    let isOver = false;
    void alive.ended.then(() => {
      isOver = true;
    });
    alive.say(...begun(), attach(fixture().queue.name));
    const { clock } = fixture();
    for (let n = 0; n < 10; n += 1) {
      await new Promise<void>((resolve) => clock.setTimer(100, resolve));
      alive.say(emptyFrame);
    }
    expect(isOver).toBe(false);
    alive.say(flow(1));
    await alive.until((heard) => heard.includes('device.message'));
  });

  it('hears of the server as often as it wants to', async () => {
    const { port } = await filled(0, {});
    const quiet = connectRaw(port);
    quiet.say(...signInOf(fixture()), amqpHeader, openWithin(1000), begin, attach(fixture().queue.name));
    const isKept = (heard: Buffer) => heard.indexOf(emptyFrame, heard.indexOf(emptyFrame) + 1) > 0;
    await quiet.until((heard) => heard.includes(emptyFrame) && isKept(heard));
  });

  it('that reads and settles nothing any more holds up no other', async () => {
    const [count, inHand] = [60, 20];
    const { port } = await filled(count, { unsettledMax: inHand });
    const deaf = connectRaw(port);
    deaf.say(...begun(), attach(fixture().queue.name), flow(1_000_000));
    // They come together.
    await deaf.until((heard) => heard.includes('device.message'));
    deaf.pause();
    await othersGoOn(port, count - inHand);
    deaf.destroy();
    await othersGoOn(port, inHand);
  });
});

describe('clients that mean harm', () => {
  it.each([
    ['a frame of four thousand million bytes', [amqpHeader, Buffer.from('fffffff002000000', 'hex')]],
    ['a frame beyond the largest', [saslHeader, frame(Buffer.alloc(70_000))]],
    ['something that is no AMQP', [Buffer.from('GET / HTTP/1.1\r\nHost: muster\r\n\r\n')]],
    ['AMQP 0-9-1', [Buffer.from('AMQP\x00\x00\x09\x01', 'latin1')]],
    ['half a header', [Buffer.from('AMQ')]],
    ['a link before it has signed in', [amqpHeader, open, begin, attach('DefaultQueue'), flow(10)]],
  ])('are cut off for %s, and the others go on', async (_what, parts) => {
    const { port } = await filled(1, { openTimeoutMs: 300 });
    const clients = Array.from({ length: 10 }, () => connectRaw(port));
    for (const client of clients) client.say(...parts);
    await Promise.all(clients.map(({ ended }) => ended));
    for (const client of clients) expect(client.heard().includes('device.message')).toBe(false);
    await othersGoOn(port, 1);
  });

  it('open links by the thousand on one connection, and lose it', async () => {
    const { port } = await filled(1, {});
    const client = connectRaw(port);
    client.say(...begun());
    await client.until((heard) => heard.includes('muster-'));
    client.say(...Array.from({ length: 5000 }, (_, handle) => attach(fixture().queue.name, handle)));
    await client.ended;
    expect(client.heard().includes('amqp:resource-limit-exceeded')).toBe(true);
    await othersGoOn(port, 1);
  });

  it('open and close links by the thousand, and nothing is left of them', async () => {
    const { port } = await filled(1, {});
    const client = connectRaw(port);
    client.say(...begun());
    for (let round = 1; round <= 1000; round += 1) {
      client.say(attach(fixture().queue.name), detach(0));
      await client.until((heard) => heard.toString('latin1').split(detachMark).length > round);
    }
    await othersGoOn(port, 1);
    expect(fixture().errors).toEqual([]);
  });

  it('come in crowds: beyond the most that may be there they are turned away, and let others in when they go', async () => {
    const { port } = await filled(1, { connectionsMax: 20, openTimeoutMs: 60_000 });
    const crowd = Array.from({ length: 20 }, () => connectRaw(port));
    for (const client of crowd) client.say(saslHeader);
    await Promise.all(crowd.map((client) => client.until((heard) => heard.includes('PLAIN'))));
    const late = Array.from({ length: 50 }, () => connectRaw(port));
    await Promise.all(late.map(({ ended }) => ended));
    for (const client of crowd) client.destroy();
    await Promise.all(crowd.map(({ ended }) => ended));
    await othersGoOn(port, 1);
  });

  it('come again and again, and leave nothing behind', async () => {
    const { port } = await filled(1, {});
    const visit = async (): Promise<void> => {
      const client = connectRaw(port);
      client.say(...begun(), attach(fixture().queue.name), frame(Buffer.alloc(70_000, 1)));
      await client.ended;
    };
    const rounds = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) await Promise.all(Array.from({ length: 10 }, visit));
    };
    await rounds(5);
    const before = keptMemory();
    await rounds(20);
    // The largest frame of each of them would be 13 MB. The last may still be on their way out.
    await expect.poll(() => keptMemory() - before, { timeout: 10_000 }).toBeLessThan(4 * 1024 * 1024);
    await othersGoOn(port, 1);
  });
});
