import { readFileSync, writeFileSync } from 'node:fs';
import { completeLock, type LockFile, omissionsOf } from './lib/lock-file.ts';

/** `npm run complete-lock`, after every `npm install`: gives each optional dependency that npm left out its entry. */

const path = 'package-lock.json';
const lock = JSON.parse(readFileSync(path, 'utf8')) as LockFile;
const omissions = omissionsOf(lock);
if (omissions.length > 0) writeFileSync(path, `${JSON.stringify(completeLock(lock), undefined, 2)}\n`);
process.stdout.write(`${omissions.length} entries added to ${path}\n`);
