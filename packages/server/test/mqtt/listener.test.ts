import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMqttListener } from '../../src/mqtt/listener.ts';
import { startGateway } from './fixture/gateway-fixture.ts';
import { connectPacket, RawClient } from './fixture/raw-client.ts';
import { testCertificate } from './fixture/test-certificate.ts';

describe('the TLS listener', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('[device 1] accepts a device over %s', async (maxVersion) => {
    const { listener, world } = await startGateway({ tls: testCertificate });
    world.devices.set('p1_n1', { secret: '12345678', needsTls: true });
    const client = await RawClient.openTls(listener.port, { maxVersion });
    onTestFinished(() => void client.socket.destroy());
    expect(await client.signIn(connectPacket())).toBe(0);
    client.publish({ topic: 'free', payload: Buffer.alloc(200_000, 1), qos: 1, messageId: 1 });
    expect((await client.nextOf('puback')).messageId).toBe(1);
    expect(world.signIns).toMatchObject([{ secure: true }]);
  });

  it('takes no older version than TLS 1.2', async () => {
    const { listener } = await startGateway({ tls: testCertificate });
    await expect(
      RawClient.openTls(listener.port, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    ).rejects.toThrow();
  });

  it('bounds the connections that never finish their handshake', async () => {
    const { listener, gateway } = await startGateway({ tls: testCertificate, limits: { connectionsPendingMax: 20 } });
    const sockets = Array.from({ length: 100 }, () => connect({ host: '127.0.0.1', port: listener.port }));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    let closedCount = 0;
    await new Promise<void>((resolve) => {
      for (const socket of sockets) {
        socket.on('error', () => undefined);
        socket.on('close', () => {
          closedCount += 1;
          if (closedCount === 80) resolve();
        });
        socket.resume();
      }
    });
    expect(gateway.connectionCount).toBe(0);
  });
});

describe('a listener', () => {
  it('rejects when its port is taken, and may be stopped twice', async () => {
    const { listener, gateway } = await startGateway();
    const second = createMqttListener({ gateway, host: '127.0.0.1', port: listener.port });
    await expect(second.start()).rejects.toThrow('EADDRINUSE');
    await second.stop();
    await listener.stop();
    await listener.stop();
  });

  it('drops its connections when it stops', async () => {
    const { listener, connectDevice, world } = await startGateway();
    const client = await connectDevice();
    await listener.stop();
    await client.closed;
    await world.detached.reached(1);
    await expect(RawClient.open(listener.port || 1)).rejects.toThrow();
  });
});
