import { cruiseImports } from './lib/cruise-imports.ts';

const { modules, dependencies, findings } = await cruiseImports(process.cwd());
for (const finding of findings) process.stdout.write(`${finding}\n`);
process.stdout.write(`${modules} modules, ${dependencies} imports read, ${findings.length} findings\n`);
process.exitCode = findings.length === 0 ? 0 : 1;
