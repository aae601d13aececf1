import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';

export interface AedesBroker {
  readonly url: string;
  /** At QoS 1; resolves once it has gone to every subscriber's session. */
  publish(topic: string, payload: Buffer): Promise<void>;
}

/** A broker in this process that keeps everything in memory. */
export async function openAedes(): Promise<AedesBroker> {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    publish: (topic, payload) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false } as const;
        broker.publish(packet, (error) => (error ? reject(error) : resolve()));
      }),
  };
}
