import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createLogin } from '@muster/simulator';
import mqttPacket from 'mqtt-packet';
import type { IdleAsk } from './idle-asks.ts';
import { obeyParent } from './load-process.ts';

/**
 * Devices that connect and stay, as bare as can be: thousands of full MQTT clients would cost this process more than the server, and
 * their cost would be what is measured. They never ping: keepalive is longer than they live.
 */
const keepaliveSeconds = 1200;
const sockets: Socket[] = [];

async function connectAll({ url, deviceIds, secret, atOnce }: IdleAsk & { kind: 'connect' }): Promise<void> {
  const rest = [...deviceIds].reverse();
  const worker = async (): Promise<void> => {
    for (let deviceId = rest.pop(); deviceId !== undefined; deviceId = rest.pop())
      sockets.push(await connectOne(url, deviceId, secret));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Resolves once the server has accepted the sign-in. */
async function connectOne(url: string, deviceId: string, secret: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const { clientId, username, password } = createLogin(deviceId, secret, new Date());
  const packet = { cmd: 'connect', clientId, username, password: Buffer.from(password), clean: true } as const;
  socket.write(mqttPacket.generate({ ...packet, keepalive: keepaliveSeconds, protocolId: 'MQTT', protocolVersion: 4 }));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  // CONNACK, 2 bytes long, no session, accepted.
  if (!answer.subarray(0, 4).equals(Buffer.from([0x20, 2, 0, 0])))
    throw new Error(`The server answered ${answer.toString('hex')} to ${deviceId}.`);
  // What else comes is read and forgotten; nobody is told that a socket ended, because the bench counts who is there.
  socket.resume();
  socket.on('error', () => undefined);
  return socket;
}

async function disconnectAll(): Promise<void> {
  const leaving = sockets.splice(0).filter((socket) => !socket.destroyed);
  await Promise.all(
    leaving.map(async (socket) => {
      const closed = once(socket, 'close');
      socket.end(mqttPacket.generate({ cmd: 'disconnect' }));
      await closed;
    }),
  );
}

obeyParent<IdleAsk>(async (ask) => {
  switch (ask.kind) {
    case 'connect':
      return connectAll(ask);
    case 'count':
      return sockets.filter((socket) => !socket.destroyed && !socket.readableEnded).length;
    case 'disconnect':
      return disconnectAll();
  }
});
