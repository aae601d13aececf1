/**
 * npm leaves packages for other platforms out of the lock file when the registry that it was made with does not carry them, and
 * `npm ci` then refuses that very file as incomplete. These functions find what was left out and put entries in its place: they
 * say for which platform a package is, so that npm skips it everywhere else without asking for it.
 */
export interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface LockFile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

interface Omission {
  readonly name: string;
  /** The range that its dependent asks for; packages of one release ask for exact versions. */
  readonly version: string;
  readonly dev: boolean;
}

/** A package is looked for beside its dependent, then outwards. */
function isLocked(lock: LockFile, dependent: string, name: string): boolean {
  const parts = dependent.split('/node_modules/');
  const places = parts.map((_part, index) => parts.slice(0, parts.length - index).join('/node_modules/'));
  return [...places, ''].some((place) => `${place === '' ? '' : `${place}/`}node_modules/${name}` in lock.packages);
}

/** Optional dependencies that have no entry of their own. */
export function omissionsOf(lock: LockFile): Omission[] {
  return Object.entries(lock.packages).flatMap(([dependent, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !isLocked(lock, dependent, name))
      .map(([name, version]) => ({ name, version, dev: entry.dev === true })),
  );
}

const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

function entryOf({ name, version, dev }: Omission): LockEntry {
  const words = name.split(/[-/]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  if (cpu.length !== 1 || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(
      `No platform or no exact version is known of ${name}@${version}; install where the registry has it.`,
    );
  }
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu'))
      ? ['glibc']
      : [];
  return {
    version,
    cpu,
    ...(dev ? { dev } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}

/** The same lock file with an entry for every omission, in npm's order. */
export function completeLock<Lock extends LockFile>(lock: Lock): Lock {
  const added = omissionsOf(lock).map((omission) => [`node_modules/${omission.name}`, entryOf(omission)] as const);
  const packages = [...Object.entries(lock.packages), ...added].sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries(packages) };
}
