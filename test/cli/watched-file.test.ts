import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { watchFile } from '../../lib/cli/watched-file.js';

describe('watchFile', () => {
  let folder: string;
  let end: AbortController;
  let running: Promise<void> | undefined;
  const reads: boolean[] = [];
  let isReadable = true;
  let told = (): void => undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'watched-'));
    end = new AbortController();
    reads.length = 0;
    isReadable = true;
  });

  afterEach(async () => {
    end.abort();
    await running;
    await rm(folder, { recursive: true });
  });

  const watch = (
    path: string,
    lookMillis = 5,
    onHangup?: (listener: () => void) => () => void,
    stillMillis?: number,
  ): void => {
    const read = (isAsked: boolean): Promise<boolean> => {
      reads.push(isAsked);
      told();
      return Promise.resolve(isReadable);
    };
    running = watchFile({ path, read, lookMillis, stillMillis, onHangup }, end.signal);
  };
  const readTimes = (count: number): Promise<void> =>
    new Promise(resolve => {
      told = () => {
        if (reads.length >= count) resolve();
      };
      told();
    });
  const looks = (count: number): Promise<void> => new Promise(resolve => setTimeout(resolve, count * 10));

  it('should read it once more after the start, and then only when it changes', async () => {
    const path = join(folder, 'a');
    await writeFile(path, 'one');
    watch(path);
    await readTimes(1);
    await looks(5);
    expect(reads).to.deep.equal([false]);
    // Neither its length nor its time tells them apart.
    await writeFile(path, 'two');
    await utimes(path, 1, 1);
    await readTimes(2);
  });

  it('should not read what may still be written, unless the user asks', async () => {
    const path = join(folder, 'a');
    await writeFile(path, '');
    let ask = (): void => undefined;
    const onHangup = (listener: () => void): (() => void) => {
      ask = listener;
      return () => undefined;
    };
    watch(path, 5, onHangup, 3_600_000);
    await looks(5);
    expect(reads).to.deep.equal([]);
    await writeFile(path, 'whole');
    ask();
    await readTimes(1);
    expect(reads).to.deep.equal([true]);
  });

  it('should read what never stands still', async () => {
    const path = join(folder, 'a');
    await writeFile(path, '');
    let second = 0;
    const writing = (async () => {
      while (!end.signal.aborted) await utimes(path, ++second, second);
    })();
    watch(path, 20);
    await readTimes(2);
    end.abort();
    await writing;
  });

  it('should see that a link leads elsewhere, as those of a mounted ConfigMap do', async () => {
    for (const name of ['1', '2']) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'watch.yaml'), name);
      await utimes(join(folder, name, 'watch.yaml'), 1, 1);
    }
    await symlink('1', join(folder, '..data'));
    await symlink(join('..data', 'watch.yaml'), join(folder, 'watch.yaml'));
    watch(join(folder, 'watch.yaml'));
    await readTimes(1);
    await symlink('2', join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    await readTimes(2);
  });

  it('should try again what cannot be read', async () => {
    isReadable = false;
    watch(join(folder, 'missing'));
    await readTimes(3);
    isReadable = true;
    const before = reads.length;
    await readTimes(before + 1);
    await looks(5);
    expect(reads.length).to.equal(before + 1);
  });

  it('should read it at once when the user asks, whether it has changed or not, until it ends', async () => {
    const path = join(folder, 'a');
    await writeFile(path, 'one');
    const listeners = new Set<() => void>();
    watch(path, 3_600_000, listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    });
    for (const count of [1, 2]) {
      await new Promise(resolve => setImmediate(resolve));
      for (const listener of listeners) listener();
      await readTimes(count);
    }
    expect(reads).to.deep.equal([true, true]);
    end.abort();
    await running;
    expect(listeners.size).to.equal(0);
  });

  it('should not read a pipe again, which would be empty', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    let ask = (): void => undefined;
    watch(path, 5, listener => {
      ask = listener;
      return () => undefined;
    });
    await looks(3);
    ask();
    await looks(3);
    expect(reads).to.deep.equal([]);
  });

  it('should look at a pipe once when the user asks, and not without a pause from then on', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    let ask = (): void => undefined;
    watch(path, 3_600_000, listener => {
      ask = listener;
      return () => undefined;
    });
    await looks(1);
    ask();
    await looks(3);
    // Who looks meanwhile sees it; the next look is an hour away.
    await writeFile(join(folder, 'file'), 'one');
    await rename(join(folder, 'file'), path);
    await looks(5);
    expect(reads).to.deep.equal([]);
  });

  it('should end at once where it has ended before it begins', async () => {
    end.abort();
    watch(join(folder, 'a'), 3_600_000);
    await running;
    expect(reads).to.deep.equal([]);
  });
});
