/** Preloaded into a server whose memory is measured: on SIGUSR2 it throws away its garbage. Needs `--expose-gc`. */
process.on('SIGUSR2', () => {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
});
