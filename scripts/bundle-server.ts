import { join } from 'node:path';
import { bundleServer } from './lib/server-bundle.ts';

/** Prints the path of the server in one file, which it makes where there is none of these sources: what tests start. */

process.stdout.write(await bundleServer(join(import.meta.dirname, '..')));
