import { setTimeout as pause } from 'node:timers/promises';
import type { Caller, Place, Sent } from './caller.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Makes what a scenario needs before its call. Everything is new at each use, unless it says that it is shared. */
export interface Given {
  /** A connected device that answers commands and property requests; shared. */
  readonly connectedDevice: string;
  readonly productId: string;
  readonly appId: string;
  /** A word that nothing else has. */
  word(prefix: string): string;
  /** A call that must succeed; its JSON. */
  ask(method: string, path: string, sent?: Sent): Promise<Json>;
  /** The id that a create call answers. */
  id(key: string, path: string, json: unknown): Promise<string>;
  product(): Promise<string>;
  device(more?: Json): Promise<string>;
  gatewayChild(): Promise<{ readonly child: string; readonly otherGateway: string }>;
  packageFile(): Promise<string>;
  otaPackage(): Promise<string>;
  rule(): Promise<string>;
  batchFile(): Promise<string>;
  /** A batch task in one of these states. */
  task(json: Json, states: readonly string[]): Promise<string>;
  /** A task that has failed. */
  failedTask(): Promise<string>;
  /** One that was made of a file; a project may have few of these. */
  failedFileTask(): Promise<string>;
}

interface Ground {
  readonly caller: Caller;
  readonly connectedDevice: string;
  readonly productId: string;
  readonly appId: string;
}

const waitMs = 20_000;

/** The product model of every product: a service with one writable property and one command. */
export const motor = [
  {
    service_id: 'Motor',
    service_type: 'Motor',
    properties: [{ property_name: 'speed', data_type: 'int', method: 'RW' }],
    commands: [{ command_name: 'setSpeed', paras: [{ para_name: 'speed', data_type: 'int' }] }],
  },
];

export const productBody = (name: string): Json => ({
  name,
  device_type: 'press',
  protocol_type: 'MQTT',
  data_format: 'json',
  service_capabilities: motor,
});

export const formOf = (content: string | Uint8Array<ArrayBuffer>, name: string): FormData => {
  const form = new FormData();
  form.set('file', new Blob([content]), name);
  return form;
};

export async function ask(caller: Caller, place: Place, sent?: Sent): Promise<Json> {
  const text = await (await caller.call(place, sent)).text();
  return text === '' ? {} : (JSON.parse(text) as Json);
}

export function createGiven({ caller, connectedDevice, productId, appId }: Ground): Given {
  let count = 0;
  const given: Given = {
    connectedDevice,
    productId,
    appId,
    word: (prefix) => `${prefix}${++count}`,
    ask: (method, path, sent) => ask(caller, { method, path }, sent),
    id: async (key, path, json) => String((await given.ask('POST', path, { json }))[key]),
    product: () => given.id('product_id', '{P}/products', productBody(given.word('product'))),
    device: (more = {}) =>
      given.id('device_id', '{P}/devices', { node_id: given.word('node'), product_id: productId, ...more }),
    async gatewayChild() {
      const gateway = await given.device();
      return { child: await given.device({ gateway_id: gateway }), otherGateway: await given.device() };
    },
    async packageFile() {
      const form = formOf(given.word('bytes'), `${given.word('fw')}.bin`);
      return String((await given.ask('POST', '{P}/ota-upgrades/package-files', { form }))['file_id']);
    },
    otaPackage: async () =>
      given.id('package_id', '{P}/ota-upgrades/packages', packageBody(given, await given.packageFile())),
    rule: () => given.id('rule_id', '{P}/routing-rule/rules', { subject: { resource: 'batchtask', event: 'update' } }),
    async batchFile() {
      const form = formOf(`node_id,product_id\n${given.word('row')},${productId}\n`, `${given.word('rows')}.csv`);
      return String((await given.ask('POST', '{P}/batchtask-files', { form }))['file_id']);
    },
    async task(json, states) {
      const taskId = await given.id('task_id', '{P}/batchtasks', { task_name: 'conformance', ...json });
      await waitFor(`the task to be ${states.join(' or ')}`, async () => {
        const shown = await given.ask('GET', '{P}/batchtasks/{task_id}', { params: { task_id: taskId } });
        return states.includes(String((shown['batchtask'] as Json)['status']));
      });
      return taskId;
    },
    failedTask: () => given.task({ task_type: 'freezeDevices', targets: [given.word('nobody')] }, ['Fail']),
    async failedFileTask() {
      const form = formOf(`device_id\n${given.word('nobody')}\n`, `${given.word('targets')}.csv`);
      const file = String((await given.ask('POST', '{P}/batchtask-files', { form }))['file_id']);
      return given.task({ task_type: 'freezeDevices', document_source: file }, ['Fail']);
    },
  };
  return given;
}

export function packageBody({ appId, productId, word }: Given, fileId: string): Json {
  return {
    app_id: appId,
    product_id: productId,
    package_type: 'firmwarePackage',
    version: word('9.'),
    file_location: { local_location: { file_id: fileId } },
  };
}

/** Looks again until it is so; a server that never gets there is a finding, not a hang. */
export async function waitFor(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + waitMs;
  while (!(await isSo())) {
    if (Date.now() > until) throw new Error(`Waited ${waitMs} ms for ${what}.`);
    await pause(25);
  }
}
