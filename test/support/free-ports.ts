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

/** Free ports for a server that must come back on the same ones; test files in other processes look elsewhere. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  const span = outgoingStart - first;
  for (let step = 0; ports.length < count && step < span; step += 1) {
    const port = first + ((process.pid * 37 + step) % span);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}
