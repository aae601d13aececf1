import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Config, groupSettings } from './config.ts';
import { listSettings, printSettings } from './list-settings.ts';
import { packagePlaceOf } from './package-place.ts';
import { databaseUrlShape, type SettingName, type Settings, settings, variableOf } from './settings.ts';

/** The settings are wrong; the message names each and says what is wanted. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface ConfigSource {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
}

/** What the process does instead of running the server. */
export type Command =
  | { readonly name: 'migrate' }
  | { readonly name: 'backup'; readonly file: string }
  | { readonly name: 'move'; readonly targetUrl: string };

/** `print`: the text goes to standard output and the process ends, successfully; it also ends after a command. */
export type LoadedConfig =
  | { readonly kind: 'run'; readonly config: Config }
  | { readonly kind: 'command'; readonly command: Command; readonly config: Config }
  | { readonly kind: 'print'; readonly text: string };

/** From this process's own arguments and environment. Throws ConfigError. */
export function loadProcessConfig(): LoadedConfig {
  return loadConfig({
    args: process.argv.slice(2),
    env: process.env,
    isTerminal: process.stdout.isTTY === true,
  });
}

/** Reads the arguments, the file named by MUSTER_CONFIG and the environment, which wins. Throws ConfigError. */
export function loadConfig(source: ConfigSource): LoadedConfig {
  const { help, printConfig, words } = parseArguments(source.args);
  if (help) return { kind: 'print', text: listSettings() };
  const command = parseCommand(words);
  const resolved = resolveSettings(source.env);
  if (printConfig) return { kind: 'print', text: printSettings(resolved) };
  const config = groupSettings(resolved, source.isTerminal);
  if (command === undefined) return { kind: 'run', config };
  checkDatabaseOf(command, resolved);
  return { kind: 'command', command, config };
}

interface Arguments {
  readonly help: boolean;
  readonly printConfig: boolean;
  readonly words: readonly string[];
}

function parseArguments(args: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { help: { type: 'boolean' }, 'print-config': { type: 'boolean' } },
      allowPositionals: true,
    });
    return { help: values.help === true, printConfig: values['print-config'] === true, words: positionals };
  } catch (error) {
    throw new ConfigError(`${(error as Error).message} Known: --help, --print-config.`);
  }
}

/** Undefined: none was given, the server is to run. */
function parseCommand([name, ...operands]: readonly string[]): Command | undefined {
  const [operand = '', ...more] = operands;
  const takesOne = operand.trim() !== '' && more.length === 0;
  switch (name) {
    case undefined:
      return undefined;
    case 'migrate':
      if (operands.length === 0) return { name };
      throw new ConfigError('migrate takes no argument.');
    case 'backup':
      if (takesOne) return { name, file: operand };
      throw new ConfigError('backup takes one argument, FILE: where the snapshot goes.');
    case 'move':
      // Never the argument itself: it has a password.
      if (takesOne && databaseUrlShape.test(operand)) return { name, targetUrl: operand };
      throw new ConfigError('move takes one argument, the URL of an empty database that begins with postgres://.');
    default:
      throw new ConfigError(`${name} is not a command. Known: migrate, backup FILE, move postgres://…`);
  }
}

/** Two of the commands are about the database in the data folder. */
function checkDatabaseOf({ name }: Command, { databaseUrl }: Settings): void {
  if (databaseUrl === undefined || name === 'migrate') return;
  throw new ConfigError(
    name === 'backup'
      ? 'backup copies an SQLite database, and MUSTER_DATABASE_URL is set: back PostgreSQL up with pg_dump or pg_basebackup (docs/operations.md, Backup).'
      : 'move copies the SQLite database of MUSTER_DATA_DIR, and MUSTER_DATABASE_URL is set: unset it.',
  );
}

interface Given {
  /** As the operator wrote it: `MUSTER_HTTP_PORT`, or `httpPort in /etc/muster.json`. */
  readonly label: string;
  readonly raw: unknown;
}

function resolveSettings(env: ConfigSource['env']): Settings {
  const wrong: string[] = [];
  const given = new Map<string, Given>([...fromFile(env.MUSTER_CONFIG, wrong), ...fromEnvironment(env, wrong)]);
  const values = Object.entries(settings).map(([name, setting]) => {
    const entry = given.get(name);
    return [name, entry === undefined ? setting.defaultValue : read(setting, entry, wrong)] as const;
  });
  // Every name of the table is there, each with its parser's value.
  const resolved = Object.fromEntries(values) as unknown as Settings;
  if (wrong.length === 0) checkTogether(resolved, wrong);
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return resolved;
}

function read(setting: (typeof settings)[SettingName], { label, raw }: Given, wrong: string[]): unknown {
  try {
    return setting.parse(raw);
  } catch (error) {
    wrong.push(`${label} ${(error as Error).message}.`);
    return undefined;
  }
}

function checkTogether(s: Settings, wrong: string[]): void {
  if (s.mqttKeepaliveMinSeconds > s.mqttKeepaliveMaxSeconds) {
    wrong.push('MUSTER_MQTT_KEEPALIVE_MIN_SECONDS must not exceed MUSTER_MQTT_KEEPALIVE_MAX_SECONDS.');
  }
  checkTls(s, wrong);
  checkNodes(s, wrong);
  checkPackageStore(s, wrong);
}

function checkPackageStore(s: Settings, wrong: string[]): void {
  try {
    packagePlaceOf(s);
  } catch (error) {
    wrong.push(`${(error as Error).message}.`);
  }
}

/** What belongs to several nodes on one database. */
function checkNodes(s: Settings, wrong: string[]): void {
  if (s.roles.length === 0) wrong.push('MUSTER_ROLES must name at least one role.');
  if (s.databaseUrl === undefined) {
    if (new Set(s.roles).size < 4) wrong.push('MUSTER_ROLES with less than all roles needs MUSTER_DATABASE_URL.');
    if (s.databaseListenUrl !== undefined) wrong.push('MUSTER_DATABASE_LISTEN_URL needs MUSTER_DATABASE_URL.');
    return;
  }
  // Every node must read what the others have sealed.
  if (s.masterKey === undefined) wrong.push('MUSTER_DATABASE_URL needs MUSTER_MASTER_KEY, the same on every node.');
  if (!s.roles.includes('api') && s.roles.includes('engine') && s.publicUrl === undefined) {
    wrong.push('MUSTER_PUBLIC_URL is needed where MUSTER_ROLES has engine and not api: devices download from there.');
  }
}

/** What would have no effect is a mistake, and one that nobody would notice before an attacker does. */
function checkTls(s: Settings, wrong: string[]): void {
  if ((s.tlsCert === undefined) !== (s.tlsKey === undefined)) {
    wrong.push('MUSTER_TLS_CERT and MUSTER_TLS_KEY must be set together.');
  }
  if (
    s.tlsCert !== undefined &&
    [s.httpsPort, s.mqttsPort, s.amqpsPort, s.packagesHttpsPort].every((port) => port === undefined)
  ) {
    wrong.push(
      'MUSTER_TLS_CERT needs MUSTER_HTTPS_PORT, MUSTER_MQTTS_PORT, MUSTER_AMQPS_PORT or MUSTER_PACKAGES_HTTPS_PORT.',
    );
  }
  if (s.tlsClientCa !== undefined && s.httpsPort === undefined) {
    wrong.push('MUSTER_TLS_CLIENT_CA needs MUSTER_HTTPS_PORT.');
  }
}

function fromEnvironment(env: ConfigSource['env'], wrong: string[]): [string, Given][] {
  const names = new Map(Object.keys(settings).map((name) => [variableOf(name), name]));
  return Object.entries(env).flatMap(([variable, raw]): [string, Given][] => {
    if (!variable.startsWith('MUSTER_') || variable === 'MUSTER_CONFIG' || raw === undefined) return [];
    const name = names.get(variable);
    if (name !== undefined) return [[name, { label: variable, raw }]];
    wrong.push(`${variable} is not a setting; --help lists them.`);
    return [];
  });
}

function fromFile(path: string | undefined, wrong: string[]): [string, Given][] {
  if (path === undefined) return [];
  return Object.entries(readFile(path)).flatMap(([name, raw]): [string, Given][] => {
    if (Object.hasOwn(settings, name)) return raw === null ? [] : [[name, { label: `${name} in ${path}`, raw }]];
    wrong.push(`${name} in ${path} is not a setting; --help lists them.`);
    return [];
  });
}

function readFile(path: string): object {
  const value = parseFile(path);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ConfigError(`MUSTER_CONFIG: ${path} must hold a JSON object.`);
}

function parseFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // A syntax error's sentence quotes the file, secrets included.
    const why = error instanceof SyntaxError ? 'is not valid JSON' : `cannot be read (${(error as Error).message})`;
    throw new ConfigError(`MUSTER_CONFIG: ${path} ${why}.`);
  }
}
