import { describe, expect, it } from 'vitest';
import { parseConsumerUser } from '../../../src/services/queues/consumer-sign-in.ts';
import { testCertificate } from '../../mqtt/fixture/test-certificate.ts';
import { useAmqpFixture } from './amqp-fixture.ts';

const fixture = useAmqpFixture();
const minute = 60_000;

const outcomeOf = async (port: number, options: Readonly<Record<string, unknown>>): Promise<string> => {
  const client = fixture().client(port, options);
  return Promise.race([
    client.when('connection_open').then(() => 'open'),
    client.when('disconnected').then(() => 'refused'),
  ]);
};

describe('a consumer', () => {
  it('signs in with its key, a timestamp of the last or next five minutes, and the access code', async () => {
    const { server, user, credential } = fixture();
    const { port } = await server();
    expect(await outcomeOf(port, { username: user(Date.now() - 4 * minute) })).toBe('open');
    expect(await outcomeOf(port, { username: `${user(Date.now() + 4 * minute)}instanceId=i-1` })).toBe('open');
    expect(await outcomeOf(port, { username: user(Date.now() - 6 * minute) })).toBe('refused');
    expect(await outcomeOf(port, { username: user(Date.now() + 6 * minute) })).toBe('refused');
    expect(await outcomeOf(port, { username: credential.accessKey })).toBe('refused');
    expect(await outcomeOf(port, { username: user(Date.now(), 'nobody12') })).toBe('refused');
    expect(await outcomeOf(port, { password: 'wrong' })).toBe('refused');
    expect(await outcomeOf(port, { password: '' })).toBe('refused');
  });

  it('is not even looked at for a while after too many wrong codes', async () => {
    const { server } = fixture();
    const { port } = await server();
    for (let n = 0; n < 5; n++) expect(await outcomeOf(port, { password: 'wrong' })).toBe('refused');
    expect(await outcomeOf(port, {})).toBe('refused');
  });

  it('signs in over TLS, too', async () => {
    const { server, client, queue } = fixture();
    const { tlsPort } = await server({ tls: { port: 0, ...testCertificate } });
    const options = { transport: 'tls', ca: testCertificate.cert, rejectUnauthorized: false };
    const secure = client(tlsPort ?? 0, options);
    await secure.when('connection_open');
    expect((secure.connection as unknown as { socket: { encrypted: boolean } }).socket.encrypted).toBe(true);
    expect(queue.name).not.toBe('');
  });

  it('with a code that was replaced has to go, and one with the new code stays', async () => {
    const { server, client, codes, scope } = fixture();
    const { server: made, port } = await server();
    const old = client(port);
    await old.when('connection_open');
    const { accessKey, code } = await codes.renew(scope.projectId, { type: 'AMQP', disconnects: true });
    expect(await outcomeOf(port, {})).toBe('refused');
    const fresh = client(port, { username: fixture().user(Date.now(), accessKey), password: code });
    await fresh.when('connection_open');
    made.closeConsumers(scope.projectId, accessKey);
    await old.when('disconnected');
    expect(fresh.connection.is_open()).toBe(true);
  });

  it('whose code was replaced after it was read has to go as well', async () => {
    const { server, client, codes, scope } = fixture();
    const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
    const { promise: wasRead, resolve: read } = Promise.withResolvers<void>();
    const { server: made, port } = await server({
      read: () => {
        read();
        return mayGoOn;
      },
    });
    const outcome = outcomeOf(port, {});
    await wasRead;
    const { accessKey, code } = await codes.renew(scope.projectId, { type: 'AMQP', disconnects: true });
    made.closeConsumers(scope.projectId, accessKey);
    goOn();
    expect(await outcome).toBe('refused');
    const fresh = client(port, { username: fixture().user(Date.now(), accessKey), password: code });
    await fresh.when('connection_open');
  });

  it('of another project stays', async () => {
    const { server, client, given } = fixture();
    const { server: made, port } = await server();
    const kept = client(port);
    await kept.when('connection_open');
    made.closeConsumers((await given.scope()).projectId, 'abcdEF12');
    // Whoever had to go would have heard of it before this one signs in.
    await client(port).when('connection_open');
    expect(kept.connection.is_open()).toBe(true);
  });
});

it('the name of a consumer has its parts in any order, each once, with or without | at the end', () => {
  const wanted = { accessKey: 'abcdEF12', timestamp: 1_700_000_000_000 };
  for (const name of [
    'accessKey=abcdEF12|timestamp=1700000000000',
    'timestamp=1700000000000|accessKey=abcdEF12|',
    'accessKey=abcdEF12|instanceId=x-1|timestamp=1700000000000|',
  ]) {
    expect(parseConsumerUser(name)).toEqual(wanted);
  }
  for (const name of [
    '',
    'accessKey=abcdEF12',
    'accessKey=abcdEF12|timestamp=170000000000',
    'accessKey=abcdEF12|timestamp=1700000000000||',
    'accessKey=abcdEF12|accessKey=abcdEF13|timestamp=1700000000000',
    'accessKey=abcdEF12|timestamp=1700000000000|more=1',
    `accessKey=abcdEF12|timestamp=1700000000000|instanceId=${'x'.repeat(300)}`,
  ]) {
    expect(parseConsumerUser(name)).toBeUndefined();
  }
});
