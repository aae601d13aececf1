import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runStep } from './run-step.ts';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface Package {
  /** Absolute. */
  readonly folder: string;
  readonly manifest: Manifest;
}

export function readPackages(root: string): Package[] {
  return globSync('packages/*/package.json', { cwd: root }).map((file) => ({
    folder: join(root, dirname(file)),
    manifest: JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest,
  }));
}

/** A package comes after those that it depends on: it is compiled against their declarations. */
export function inBuildOrder(packages: readonly Package[]): Package[] {
  const ordered: Package[] = [];
  const visit = (current: Package): void => {
    if (ordered.includes(current)) return;
    for (const name of Object.keys(current.manifest.dependencies ?? {})) {
      const needed = packages.find((other) => other.manifest.name === name);
      if (needed !== undefined) visit(needed);
    }
    ordered.push(current);
  };
  for (const current of packages) visit(current);
  return ordered;
}

const inDist = (path: string, ending: string): string => path.replace(/^\.\/src\//, './').replace(/\.ts$/, ending);

/** What is published: entries point at the JavaScript and its declarations instead of the sources. */
export function publishedManifest({ private: _private, exports = {}, bin, ...rest }: Manifest): object {
  const entries = Object.entries(exports).map(([door, path]) => [
    door,
    { types: inDist(path, '.d.ts'), default: inDist(path, '.js') },
  ]);
  const commands = Object.entries(bin ?? {}).map(([command, path]) => [command, inDist(path, '.js')]);
  return {
    ...rest,
    exports: Object.fromEntries(entries),
    ...(bin === undefined ? {} : { bin: Object.fromEntries(commands) }),
  };
}

/** Packages of this repository are found in their build, or their sources would be compiled into this one's. */
function pathsOf(packages: readonly Package[]): Record<string, string[]> {
  const entries = packages.flatMap(({ folder, manifest }) =>
    Object.entries(manifest.exports ?? {}).map(([door, path]): [string, string[]] => [
      `${manifest.name}${door.slice(1)}`,
      [join(folder, 'dist', inDist(path, '.d.ts'))],
    ]),
  );
  return Object.fromEntries(entries);
}

function writeConfig(root: string, { folder }: Package, packages: readonly Package[]): string {
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: join(folder, 'src'),
      outDir: join(folder, 'dist'),
      paths: pathsOf(packages.filter((other) => other.folder !== folder)),
    },
    include: [join(folder, 'src')],
  };
  const file = join(folder, 'dist', 'tsconfig.build.json');
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  return file;
}

/** What a source folder holds beside TypeScript belongs to the package as it is. */
function copyAssets(folder: string): void {
  for (const file of globSync('**/*.{sql,json,html,css}', { cwd: join(folder, 'src') })) {
    cpSync(join(folder, 'src', file), join(folder, 'dist', file));
  }
}

/** Compiles one package into its `dist` folder. Throws with the compiler's output if it does not compile. */
export async function buildPackage(root: string, current: Package, packages: readonly Package[]): Promise<void> {
  const { folder, manifest } = current;
  const dist = join(folder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  const config = writeConfig(root, current, packages);
  const result = await runStep({ name: manifest.name, command: ['tsc', '-p', config] });
  rmSync(config);
  if (!result.passed) throw new Error(`${manifest.name} does not compile:\n${result.output}`);
  copyAssets(folder);
  for (const [door, path] of Object.entries(manifest.exports ?? {})) {
    const built = join(dist, inDist(path, '.js'));
    if (!existsSync(built)) throw new Error(`${manifest.name} exports '${door}', but ${built} was not built.`);
  }
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify(publishedManifest(manifest), undefined, 2)}\n`);
  cpSync(join(root, 'LICENSE'), join(dist, 'LICENSE'));
}
