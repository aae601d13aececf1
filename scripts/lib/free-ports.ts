import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * From here the system takes the ports of outgoing connections. A fleet that knocks at a closed port up there may be given that very
 * port for its own end, and the server would find it taken when it comes back.
 */
const outgoingStart = 32_768;
const first = 12_000;

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  probe.listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    return false;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}

/** How far this process has looked: two servers that it starts at the same time are never told the same port. */
let step = 0;

/** Free ports of the loopback, for servers that cannot choose one themselves or must come back on theirs; other processes look elsewhere. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  const span = outgoingStart - first;
  for (const end = step + span; ports.length < count && step < end; ) {
    const port = first + ((process.pid * 37 + step) % span);
    step += 1;
    if (await isFree(port)) ports.push(port);
  }
  if (ports.length < count) throw new Error(`Only ${ports.length} of ${count} ports are free.`);
  return ports;
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}
