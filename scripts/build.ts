import { buildPackage, inBuildOrder, readPackages } from './lib/package-build.ts';

/** `npm run build`: what would be published, in `packages/<name>/dist`. Development needs no build: node strips the types. */

const root = process.cwd();
const packages = readPackages(root);
for (const current of inBuildOrder(packages)) {
  await buildPackage(root, current, packages);
  process.stdout.write(`built ${current.manifest.name}\n`);
}
