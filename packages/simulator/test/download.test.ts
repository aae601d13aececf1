import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDownloader, type Downloader, type DownloadRequest, DownloadRefused } from '../src/download.ts';
import { type PackageFixture, startPackages, TOKEN } from './package-fixture.ts';

const SIZE = 500_000;
let packages: PackageFixture;
let downloader: Downloader;

beforeEach(async () => {
  packages = await startPackages(SIZE);
  downloader = createDownloader({ concurrency: 2, attempts: 3, resumeDelayMs: 1, rejectUnauthorized: false });
});
afterEach(async () => {
  downloader.close();
  await packages.close();
});

const request = (more: Partial<DownloadRequest> = {}): DownloadRequest => ({
  url: packages.url,
  accessToken: TOKEN,
  signal: new AbortController().signal,
  ...more,
});

describe('a package download', () => {
  it('streams the file with the bearer token and hashes it', async () => {
    const seen: number[] = [];
    const result = await downloader.download(request({ onBytes: (received) => void seen.push(received) }));
    expect(result).toEqual({ bytes: SIZE, sha256: packages.sha256, resumes: 0 });
    expect(seen.at(-1)).toBe(SIZE);
    expect(packages.requests[0]?.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it('goes on behind a broken transfer with Range and If-Range', async () => {
    packages.breakAfter = [200_000, 100_000];
    const result = await downloader.download(request());
    expect(result).toEqual({ bytes: SIZE, sha256: packages.sha256, resumes: 2 });
    expect(packages.requests.map((headers) => headers.range)).toEqual([undefined, 'bytes=200000-', 'bytes=300000-']);
    expect(packages.requests[1]?.['if-range']).toBe(`"${packages.sha256}"`);
  });

  it('starts again when the server sends the whole file instead of the range', async () => {
    packages.ranges = false;
    packages.breakAfter = [200_000];
    expect(await downloader.download(request())).toEqual({ bytes: SIZE, sha256: packages.sha256, resumes: 0 });
  });

  it('gives up after the allowed number of attempts', async () => {
    packages.breakAfter = [1000, 1000, 1000];
    await expect(downloader.download(request())).rejects.toThrow();
    expect(packages.requests).toHaveLength(3);
  });

  it('does not insist when the token is refused, but does when the server is busy', async () => {
    await expect(downloader.download(request({ accessToken: 'other' }))).rejects.toEqual(new DownloadRefused(401));
    expect(packages.requests).toHaveLength(1);
    packages.refuse = [503];
    expect((await downloader.download(request())).bytes).toBe(SIZE);
  });

  it('sends no token that it was not given', async () => {
    await expect(downloader.download(request({ accessToken: undefined }))).rejects.toThrow('401');
    expect(packages.requests[0]).not.toHaveProperty('authorization');
  });

  it('ends with the reason of its signal in the middle of a transfer', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const onBytes = (): void => abort.abort(reason);
    await expect(downloader.download(request({ signal: abort.signal, onBytes }))).rejects.toBe(reason);
  });
});
