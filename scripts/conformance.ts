import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createFleet } from '@muster/simulator';
import { type Account, type Caller, createCallers, createStranger } from './conformance/caller.ts';
import { downlinkScenarios } from './conformance/downlink-scenarios.ts';
import { ask, createGiven, type Given, type Json, productBody } from './conformance/given.ts';
import { inventoryScenarios } from './conformance/inventory-scenarios.ts';
import { ruleScenarios } from './conformance/rule-scenarios.ts';
import type { Scenarios } from './conformance/scenario.ts';
import { taskScenarios } from './conformance/task-scenarios.ts';
import { tryCall } from './conformance/trial.ts';
import { type ServerProcess, startServer } from './demo/server-process.ts';
import { type ContractCall, parseContractCalls } from './lib/contract-calls.ts';

/**
 * `npm run conformance`: starts Muster and tries every call in the tables of docs/contract/v5.md over HTTP, signed both ways and with a
 * token: status, shape of the answer, request id. `-- --only TEXT` tries the calls whose place contains the text. Fails if a call
 * does not hold.
 */

/** What the contract says in words beside its tables. */
const besideTables: readonly ContractCall[] = [
  { section: '12', method: 'GET', path: '{P}/batchtasks/{task_id}/failed-rows', status: 200 },
  { section: '12', method: 'GET', path: '{P}/batchtask-files/templates/{task_type}', status: 200 },
  { section: '4', method: 'POST', path: '{P}/apps/{app_id}/legacy-secret', status: 201 },
  { section: '4', method: 'DELETE', path: '{P}/apps/{app_id}/legacy-secret', status: 204 },
  { section: '4', method: 'PUT', path: '{P}/apps/{owner_app_id}/legacy-grants/{caller_app_id}', status: 204 },
  { section: '4', method: 'DELETE', path: '{P}/apps/{owner_app_id}/legacy-grants/{caller_app_id}', status: 204 },
];

const scenarios: Scenarios = { ...inventoryScenarios, ...downlinkScenarios, ...taskScenarios, ...ruleScenarios };

const usage = `npm run conformance -- [options]
  --only TEXT   try the calls whose method and path contain the text, e.g. 'POST {P}/devices'
  --help        print this
Starts Muster on free ports with a data folder of its own; takes about a minute.`;

const settings = {
  MUSTER_LOG_LEVEL: 'warn',
  MUSTER_APPS_MAX: '1000',
};

const placeOf = ({ method, path }: ContractCall): string => `${method} ${path}`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { only: { type: 'string', default: '' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const page = await readFile(join(import.meta.dirname, '../docs/contract/v5.md'), 'utf8');
  const calls = [...parseContractCalls(page), ...besideTables]
    .filter((call) => placeOf(call).includes(values.only))
    .sort((a, b) => Number(a.section) - Number(b.section));
  const dataDir = await mkdtemp(join(tmpdir(), 'muster-conformance-'));
  let server: ServerProcess | undefined;
  try {
    server = await startServer({ dataDir, settings, log: 'ignore' });
    return await tryAll(calls, server, await accountOf(server, dataDir));
  } finally {
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function accountOf({ addresses }: ServerProcess, dataDir: string): Promise<Account> {
  const text = await readFile(join(dataDir, 'credentials.json'), 'utf8');
  const credentials = JSON.parse(text) as Omit<Account, 'endpoint' | 'projectId'>;
  return { ...credentials, endpoint: addresses.http, projectId: addresses.projectId };
}

async function tryAll(calls: readonly ContractCall[], server: ServerProcess, account: Account): Promise<number> {
  const callers = await createCallers(account);
  const ground = await prepare(callers[0]);
  const devices = [{ deviceId: ground.connectedDevice, secret: ground.secret }];
  const fleet = createFleet({ mqttUrl: server.addresses.mqtt, devices, seed: 1 });
  try {
    await fleet.start();
    const given = createGiven({ caller: callers[0], ...ground });
    return await report(calls, { callers, stranger: createStranger(account), given });
  } finally {
    await fleet.stop();
  }
}

/** What all scenarios share: the default application, a product, a device that is connected. */
async function prepare(caller: Caller) {
  const place = (method: string, path: string) => ({ method, path });
  const { applications } = await ask(caller, place('GET', '{P}/apps'), { query: { default_app: true } });
  const appId = String((applications as Json[])[0]?.['app_id']);
  const product = await ask(caller, place('POST', '{P}/products'), { json: productBody('shared') });
  const productId = String(product['product_id']);
  const secret = 'conformance-device';
  const json = { node_id: 'connected', product_id: productId, auth_info: { secret, secure_access: false } };
  const device = await ask(caller, place('POST', '{P}/devices'), { json });
  return { appId, productId, secret, connectedDevice: String(device['device_id']) };
}

interface Witnesses {
  readonly callers: readonly Caller[];
  readonly stranger: Caller;
  readonly given: Given;
}

async function report(calls: readonly ContractCall[], witnesses: Witnesses): Promise<number> {
  const requestIds = new Set<string>();
  let holding = 0;
  for (const call of calls) {
    const fault = await tryCall(call, scenarios[placeOf(call)], { ...witnesses, requestIds });
    if (fault === undefined) holding += 1;
    print(call, fault);
  }
  process.stdout.write(`${holding} of ${calls.length} hold\n`);
  return holding === calls.length ? 0 : 1;
}

function print(call: ContractCall, fault: string | undefined): void {
  const mark = fault === undefined ? 'ok  ' : 'FAIL';
  const line = `${mark} ${call.section.padEnd(4)} ${call.method.padEnd(6)} ${call.path} ${call.status}`;
  process.stdout.write(`${[line, ...(fault === undefined ? [] : [fault])].join('; ')}\n`);
}

process.exitCode = await main();
