import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createLogin } from '@muster/simulator';
import mqttPacket from 'mqtt-packet';
import type { IdleAsk } from './idle-asks.ts';
import { obeyParent } from './load-process.ts';

/**
 * Devices that connect and stay, as bare as can be: thousands of full MQTT clients would cost this process more than the server, and
 * their cost would be what is measured. They never ping: keepalive is longer than they live.
 */
const keepaliveSeconds = 1200;
const retryMs = 1000;
/** Codes of a CONNACK. */
const accepted = 0;
const unavailable = 3;
const sockets: Socket[] = [];

/** How often a device was told to come later. */
async function connectAll({ url, deviceIds, secret, atOnce }: IdleAsk & { kind: 'connect' }): Promise<number> {
  const rest = [...deviceIds].reverse();
  let refusals = 0;
  const worker = async (): Promise<void> => {
    for (let deviceId = rest.pop(); deviceId !== undefined; deviceId = rest.pop())
      refusals += await connectOne(url, deviceId, secret);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return refusals;
}

/** Comes again, as device libraries do, where the server says that it is busy. Returns how often it did. */
async function connectOne(url: string, deviceId: string, secret: string): Promise<number> {
  for (let refusals = 0; ; refusals += 1) {
    const code = await signIn(url, deviceId, secret);
    if (code === accepted) return refusals;
    if (code !== unavailable) throw new Error(`The server answered ${code} to ${deviceId}.`);
    await pause(retryMs);
  }
}

/** The server's answer to a CONNECT; the socket of an accepted one is kept. */
async function signIn(url: string, deviceId: string, secret: string): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const { clientId, username, password } = createLogin(deviceId, secret, new Date());
  const packet = { cmd: 'connect', clientId, username, password: Buffer.from(password), clean: true } as const;
  socket.write(mqttPacket.generate({ ...packet, keepalive: keepaliveSeconds, protocolId: 'MQTT', protocolVersion: 4 }));
  // What becomes of a socket later nobody is told: the bench counts who is there.
  socket.on('error', () => undefined);
  // Four bytes: CONNACK, length, no session, code.
  const code = (await firstBytes(socket))[3] ?? -1;
  if (code === accepted) sockets.push(socket.resume());
  else socket.destroy();
  return code;
}

/** What the server says first; nothing where it closes without a word. */
function firstBytes(socket: Socket): Promise<Buffer> {
  return new Promise((resolve) => {
    socket.once('data', resolve);
    socket.once('close', () => resolve(Buffer.alloc(0)));
  });
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
