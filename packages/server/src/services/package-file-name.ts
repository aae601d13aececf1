import { Problem } from '../domain/problem.ts';

/** v5 10: what an uploaded file's name may end in. `.tar.gz` and the like end in one of these, too, but for `.tar.xz`. */
const extensions = ['.bin', '.dav', '.tar', '.gz', '.zip', '.gzip', '.apk', '.tar.xz', '.pack', '.exe', '.bat', '.img'];

/** As file systems have it; a longer one would also crowd the headers of a download, which must stay small (device 8.3). */
const lengthMax = 255;

/** Problems: packageFileUnusable. */
export function checkPackageFileName(name: string): void {
  const refuse = (why: string): never => {
    throw new Problem('packageFileUnusable', { field: 'file', args: [why] });
  };
  if ([...name].length > lengthMax) refuse(`Its name is longer than ${lengthMax} characters.`);
  // Control characters would reach devices and headers; half a surrogate pair is no text.
  if (/[\p{Cc}/\\]/u.test(name) || !name.isWellFormed()) refuse('Its name holds characters that are not allowed.');
  const lower = name.toLowerCase();
  if (!extensions.some((extension) => lower.endsWith(extension) && lower.length > extension.length)) {
    refuse(`Its name must end in one of ${extensions.join(' ')}.`);
  }
}
