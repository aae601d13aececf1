import { rm } from 'node:fs/promises';
import { createV5Client, type V5Client } from '@muster/sdk';
import type { DemoApplication } from './demo/application.ts';
import { type DemoServer, startDemoServer } from './demo/demo-server.ts';
import { createDisplay, type Display } from './demo/display.ts';
import { createLegacyApplication } from './demo/legacy-application.ts';
import { demoUsage, type DemoOptions, parseDemoOptions } from './demo/options.ts';
import { report } from './demo/report.ts';
import { runScenario } from './demo/scenario.ts';
import { createV5Application } from './demo/v5-application.ts';
import { trustingFetch } from './lib/trusting-fetch.ts';

/** The main job in one command (docs/contract/operations.md). Exit code 0 only if every device ended as its script says. */
async function main(): Promise<number> {
  const options = parseDemoOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(demoUsage);
    return 0;
  }
  const display = createDisplay();
  const startedAt = Date.now();
  let server: DemoServer | undefined;
  let application: DemoApplication | undefined;
  try {
    server = await startDemoServer(options);
    display.say(`Muster runs at ${addressOf(server)}, devices at ${server.addresses.mqtt}.`);
    const client = v5ClientOf(server);
    application = await (options.legacy
      ? createLegacyApplication({ server, display })
      : createV5Application({ client, display }));
    const end = await runScenario({ server, client, application, display, options });
    const seconds = (Date.now() - startedAt) / 1000;
    return report({ ...end, pushes: application.pushes, options, seconds }) ? 0 : 1;
  } finally {
    await application?.stop();
    if (server !== undefined) await finish(server, options, display);
  }
}

const addressOf = ({ addresses: { http, https } }: DemoServer): string => https ?? http;

function v5ClientOf(server: DemoServer): V5Client {
  const { accessKey, secretKey } = server.credentials;
  return createV5Client({
    endpoint: addressOf(server),
    projectId: server.addresses.projectId,
    credentials: { kind: 'aksk', accessKey, secretKey },
    ...(server.certificate === undefined ? {} : { fetch: trustingFetch(server.certificate) }),
  });
}

async function finish(server: DemoServer, { keep, legacy: isLegacy }: DemoOptions, display: Display): Promise<void> {
  const { addresses, dataDir } = server;
  if (!keep) {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
    return;
  }
  server.release();
  display.say(`\nMuster goes on at ${addressOf(server)}, devices at ${addresses.mqtt}.`);
  display.say(`End it with: kill ${server.pid}; its data stays in ${dataDir}.`);
  display.say(`Credentials: ${server.credentialsPath}, project ${addresses.projectId}`);
  if (!isLegacy) return;
  const { appId, secret } = server.legacy;
  display.say(`Legacy application: ${appId}, secret ${secret}; certificate to trust: ${server.certificatePath}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
