import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { settingsTable } from '../../src/config/list-settings.ts';
import { ConfigError, loadConfig } from '../../src/config/load-config.ts';
import { settings, variableOf } from '../../src/config/settings.ts';
import { defaultMqttLimits } from '../../src/mqtt/limits.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(env: Record<string, string>, args: string[] = [], isTerminal = false) {
  return loadConfig({ args, env, isTerminal });
}

function config(env: Record<string, string> = {}): Config {
  const loaded = load(env);
  if (loaded.kind !== 'run') throw new Error('expected a configuration');
  return loaded.config;
}

function text(args: string[], env: Record<string, string> = {}): string {
  const loaded = load(env, args);
  if (loaded.kind !== 'print') throw new Error('expected a text');
  return loaded.text;
}

function settingsFile(content: unknown): string {
  const path = join(folder, 'muster.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('settings', () => {
  it('have the defaults of the contract', () => {
    const { http, mqtt, dataDir, tokens, batch, taskTimers, publicUrl } = config();
    expect(http).toMatchObject({ host: '127.0.0.1', port: 8080 });
    expect(mqtt).toMatchObject({ host: '127.0.0.1', port: 1883 });
    expect({ dataDir, publicUrl }).toEqual({ dataDir: './data', publicUrl: undefined });
    expect(tokens.lifeMs).toBe(86_400_000);
    expect(batch).toMatchObject({ unfinishedTasksMax: 1000, retryMinuteMs: 60_000, taskRetentionMs: 0 });
    expect(taskTimers).toMatchObject({ commandTimeoutMs: 20_000, otaOnlineTimeoutMs: 90_000_000, otaOffersMax: 3 });
  });

  it('agree with the defaults of the gateway', () => {
    expect(defaultMqttLimits).toMatchObject(config().mqtt.limits);
  });

  it('come from the environment first, then from the file', () => {
    const path = settingsFile({ httpPort: 9001, mqttPort: 9002, pushAllowPrivate: ['127.0.0.1/32', 'fd00::/8'] });
    const { http, mqtt, push } = config({ MUSTER_CONFIG: path, MUSTER_HTTP_PORT: '0' });
    expect([http.port, mqtt.port]).toEqual([0, 9002]);
    expect(push.allowPrivate).toMatchObject([{ address: '127.0.0.1', prefix: 32 }, { address: 'fd00::' }]);
  });

  it('are frozen', () => {
    expect(Object.isFrozen(config().mqtt.limits)).toBe(true);
  });

  it('make log lines pretty on a terminal only', () => {
    const loaded = load({}, [], true);
    expect(loaded.kind === 'run' && loaded.config.log.format).toBe('pretty');
    expect(config().log.format).toBe('json');
  });

  it('[device 60] keep the port in a public address, even where it is the default one', () => {
    expect(config({ MUSTER_PUBLIC_URL: 'https://muster.example.com/' }).publicUrl).toBe(
      'https://muster.example.com:443',
    );
    expect(config({ MUSTER_PUBLIC_URL: 'http://10.0.0.1:8080' }).publicUrl).toBe('http://10.0.0.1:8080');
  });

  const shared = { MUSTER_DATABASE_URL: 'postgres://x/y', MUSTER_MASTER_KEY: Buffer.alloc(32).toString('base64') };

  it('make a process one of several where they say so', () => {
    const some = { ...shared, MUSTER_ROLES: 'engine,push,engine', MUSTER_PUBLIC_URL: 'http://a:80' };
    expect(config(some).node.roles).toEqual(['engine', 'push']);
    expect(config(shared)).toMatchObject({
      database: { url: 'postgres://x/y', listenUrl: 'postgres://x/y', poolMax: 10, waitMs: 30_000 },
      node: { leaseMs: 10_000, roles: ['api', 'gateway', 'engine', 'push'] },
    });
    expect(config().database).toBeUndefined();
  });

  const wrong: [string, Record<string, string>, string][] = [
    ['an unknown variable', { MUSTER_HTPP_PORT: '1' }, 'MUSTER_HTPP_PORT is not a setting'],
    ['a port that is no number', { MUSTER_HTTP_PORT: 'eighty' }, 'MUSTER_HTTP_PORT must be a whole number'],
    ['a port that is too large', { MUSTER_MQTT_PORT: '65536' }, 'MUSTER_MQTT_PORT must be a whole number'],
    ['an empty value', { MUSTER_HTTP_PORT: '' }, 'MUSTER_HTTP_PORT must be'],
    ['a negative duration', { MUSTER_OTA_TOKEN_SECONDS: '-1' }, 'MUSTER_OTA_TOKEN_SECONDS must be'],
    ['a hexadecimal number', { MUSTER_APPS_MAX: '0x10' }, 'MUSTER_APPS_MAX must be'],
    ['an unknown log level', { MUSTER_LOG_LEVEL: 'loud' }, 'MUSTER_LOG_LEVEL must be one of'],
    ['a short master key', { MUSTER_MASTER_KEY: 'c2hvcnQ=' }, 'MUSTER_MASTER_KEY must be 32 bytes in base64'],
    ['a network that is none', { MUSTER_PUSH_ALLOW_PRIVATE: '10.0.0.0/33' }, 'MUSTER_PUSH_ALLOW_PRIVATE must be'],
    ['a public address with a path', { MUSTER_PUBLIC_URL: 'http://a/b' }, 'MUSTER_PUBLIC_URL must be'],
    ['a public address with an IPv6 literal', { MUSTER_PUBLIC_URL: 'http://[::1]:80' }, 'MUSTER_PUBLIC_URL must be'],
    ['a public address with a long host', { MUSTER_PUBLIC_URL: `http://${'a'.repeat(50)}:80` }, 'at most 49'],
    ['a database of another kind', { MUSTER_DATABASE_URL: 'mysql://x/y' }, 'MUSTER_DATABASE_URL must be a URL'],
    [
      'a database without the master key that all nodes need',
      { MUSTER_DATABASE_URL: 'postgres://x/y' },
      'MUSTER_DATABASE_URL needs MUSTER_MASTER_KEY',
    ],
    ['no role', { ...shared, MUSTER_ROLES: '' }, 'MUSTER_ROLES must be'],
    ['an unknown role', { ...shared, MUSTER_ROLES: 'api,cook' }, 'MUSTER_ROLES must be a list of api, gateway'],
    [
      'less than all roles without a database that others share',
      { MUSTER_ROLES: 'api,gateway,push,api' },
      'MUSTER_ROLES with less than all roles needs MUSTER_DATABASE_URL',
    ],
    [
      'an address for hints without a database',
      { MUSTER_DATABASE_LISTEN_URL: 'postgres://x/y' },
      'MUSTER_DATABASE_LISTEN_URL needs MUSTER_DATABASE_URL',
    ],
    [
      'an engine whose devices would not know where to download',
      { ...shared, MUSTER_ROLES: 'engine,gateway' },
      'MUSTER_PUBLIC_URL is needed where MUSTER_ROLES has engine and not api',
    ],
    ['a certificate without its key', { MUSTER_TLS_CERT: 'c.pem', MUSTER_HTTPS_PORT: '0' }, 'must be set together'],
    [
      'a certificate without a listener',
      { MUSTER_TLS_CERT: 'c.pem', MUSTER_TLS_KEY: 'k.pem' },
      'MUSTER_TLS_CERT needs MUSTER_HTTPS_PORT',
    ],
    [
      'client certificates without a listener',
      { MUSTER_TLS_CLIENT_CA: 'ca.pem', MUSTER_MQTTS_PORT: '0' },
      'MUSTER_TLS_CLIENT_CA needs MUSTER_HTTPS_PORT',
    ],
    [
      'keepalives in the wrong order',
      { MUSTER_MQTT_KEEPALIVE_MIN_SECONDS: '60', MUSTER_MQTT_KEEPALIVE_MAX_SECONDS: '30' },
      'MUSTER_MQTT_KEEPALIVE_MIN_SECONDS must not exceed',
    ],
  ];
  it.each(wrong)('stop the start on %s, naming it', (_what, env, message) => {
    expect(() => load(env)).toThrow(ConfigError);
    expect(() => load(env)).toThrow(message);
  });

  it('name every wrong one at once', () => {
    expect(() => load({ MUSTER_A: '1', MUSTER_APPS_MAX: 'x' })).toThrow(/MUSTER_A is not.*\n.*MUSTER_APPS_MAX must be/);
  });

  it('never show the value of a wrong secret', () => {
    expect(() => load({ MUSTER_MASTER_KEY: 'hunter2' })).toThrow(/^(?!.*hunter2)/s);
  });

  it('stop the start on a file with an unknown member, on no object, on broken JSON and on no file', () => {
    expect(() => load({ MUSTER_CONFIG: settingsFile({ httpPrt: 1 }) })).toThrow(/httpPrt in .*muster\.json is not/);
    expect(() => load({ MUSTER_CONFIG: settingsFile({ __proto__x: 1, toString: 1 }) })).toThrow(/toString in/);
    expect(() => load({ MUSTER_CONFIG: settingsFile([]) })).toThrow('must hold a JSON object');
    expect(() => load({ MUSTER_CONFIG: settingsFile('{"adminSk":"geheim"') })).toThrow(/is not valid JSON/);
    expect(() => load({ MUSTER_CONFIG: join(folder, 'none.json') })).toThrow('cannot be read');
  });

  it('stop the start on an unknown argument', () => {
    expect(() => load({}, ['--prot'])).toThrow(/--prot.*--print-config/s);
  });

  it('are printed with secrets masked', () => {
    const env = { MUSTER_ADMIN_PASSWORD: 'hunter2', MUSTER_ADMIN_SK: 'SKTEST', MUSTER_HTTP_PORT: '1234' };
    const printed = text(['--print-config'], env);
    expect(JSON.parse(printed)).toMatchObject({
      httpPort: 1234,
      adminPassword: '***',
      adminSk: '***',
      masterKey: null,
    });
    expect(printed).not.toMatch(/hunter2|SKTEST/);
  });

  it('are all listed by --help and in docs/operations.md', () => {
    const help = text(['--help']);
    const page = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
    for (const name of Object.keys(settings)) expect(help).toContain(variableOf(name));
    expect(page).toContain(settingsTable());
  });

  it('cover every name that the contract pages mention', () => {
    const pages = new URL('../../../../docs/contract/', import.meta.url);
    const mentioned = readdirSync(pages).flatMap(
      (page) => readFileSync(new URL(page, pages), 'utf8').match(/MUSTER_[A-Z0-9_]*[A-Z0-9]/g) ?? [],
    );
    const known = new Set([...Object.keys(settings).map(variableOf), 'MUSTER_CONFIG', 'MUSTER_X_SECONDS']);
    expect([...new Set(mentioned)].filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('a command', () => {
  const key = Buffer.alloc(32).toString('base64');
  const shared = { MUSTER_DATABASE_URL: 'postgres://x/y', MUSTER_MASTER_KEY: key };

  const known: [string[], object, Record<string, string>][] = [
    [['migrate'], { name: 'migrate' }, {}],
    [['migrate'], { name: 'migrate' }, shared],
    [['backup', 'a b.db'], { name: 'backup', file: 'a b.db' }, {}],
    [['backup', '--', '-a'], { name: 'backup', file: '-a' }, {}],
    [['move', 'postgres://u:p@h/d'], { name: 'move', targetUrl: 'postgres://u:p@h/d' }, {}],
  ];
  it.each(known)('%j comes with the settings of a start', (args, command, env) => {
    expect(load(env, args)).toMatchObject({ kind: 'command', command, config: { dataDir: './data' } });
  });

  const refused: [string[], string, Record<string, string>][] = [
    [['restore'], 'restore is not a command. Known: migrate, backup FILE, move postgres://', {}],
    [['migrate', 'now'], 'migrate takes no argument', {}],
    [['backup'], 'backup takes one argument, FILE', {}],
    [['backup', ''], 'backup takes one argument, FILE', {}],
    [['backup', 'a', 'b'], 'backup takes one argument, FILE', {}],
    [['move'], 'move takes one argument, the URL', {}],
    [['move', 'mysql://u:geheim@h/d'], 'move takes one argument, the URL', {}],
    [['move', 'postgres://u:geheim@h/d', 'b'], 'move takes one argument, the URL', {}],
    [['backup', 'a'], 'back PostgreSQL up with pg_dump or pg_basebackup', shared],
    [['move', 'postgres://u:geheim@h/d'], 'MUSTER_DATABASE_URL is set: unset it', shared],
    [['migrate'], 'MUSTER_APPS_MAX must be', { MUSTER_APPS_MAX: 'x' }],
  ];
  it.each(refused)('%j is refused with %j, and without the password', (args, message, env) => {
    expect(() => load(env, args)).toThrow(ConfigError);
    expect(() => load(env, args)).toThrow(message);
    expect(() => load(env, args)).toThrow(/^(?!.*geheim)/s);
  });

  it('is listed by --help, which wins', () => {
    const help = text(['--help', 'restore']);
    for (const usage of ['-- migrate', '-- backup FILE', '-- move postgres://']) expect(help).toContain(usage);
  });
});
