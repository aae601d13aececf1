import { globSync } from 'node:fs';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { rooms } from '../import-rules.ts';
import { forbiddenImports, patternOf } from './forbidden-imports.ts';

export interface ImportReport {
  readonly modules: number;
  readonly dependencies: number;
  /** One sentence per finding; empty means that the table holds. */
  readonly findings: readonly string[];
}

const sourceGlobs = ['packages/*/{src,test}/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts'];

async function readModules(root: string): Promise<ICruiseResult> {
  const folders = ['packages', 'scripts', 'bench', 'test'].filter((name) => globSync(name, { cwd: root }).length > 0);
  const result = await cruise(
    folders,
    {
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: forbiddenImports() },
      doNotFollow: { path: 'node_modules' },
      // Our own build alone: most libraries are found in a folder of that name, too.
      exclude: { path: '^packages/[^/]+/dist/' },
      // Type imports are imports: a room must not even know the other's types.
      tsPreCompilationDeps: true,
    },
    {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'require', 'default'],
    },
  );
  if (typeof result.output === 'string') throw new Error('dependency-cruiser answered text instead of modules.');
  return result.output;
}

/** A file that is not there breaks the rule of its room as well, which says nothing new. */
function sentencesOf({ violations }: ICruiseResult['summary']): string[] {
  const keyOf = ({ from, to }: { from: string; to: string }): string => `${from} -> ${to}`;
  const lost = new Set(violations.filter(({ rule }) => rule.name === 'no-unresolvable').map(keyOf));
  return violations
    .filter((violation) => violation.rule.name === 'no-unresolvable' || !lost.has(keyOf(violation)))
    .map((violation) => `${keyOf(violation)}: forbidden by ${violation.rule.name}`);
}

/**
 * Reads every module below `root` and holds it against the import table. A run that read nothing passes every rule, so each
 * source file on disk must be among the modules that were read.
 */
export async function cruiseImports(root: string): Promise<ImportReport> {
  const { modules, summary } = await readModules(root);
  const read = new Set(modules.map((module) => module.source));
  const files = globSync(sourceGlobs, { cwd: root });
  const patterns = rooms.map((room) => new RegExp(patternOf(room)));
  const homeless = files.filter(
    (file) => /^packages\/[^/]+\/src\//.test(file) && !patterns.some((room) => room.test(file)),
  );
  const dependencies = modules.reduce((sum, module) => sum + module.dependencies.length, 0);
  const findings = [
    ...(files.length === 0 || dependencies === 0 ? ['no module was read: the rules were not tried at all'] : []),
    ...files.filter((file) => !read.has(file)).map((file) => `${file}: not read by dependency-cruiser`),
    ...homeless.map((file) => `${file}: in no room of scripts/import-rules.ts`),
    ...sentencesOf(summary),
  ];
  return { modules: files.length, dependencies, findings };
}
