// Goal: dashboards made for prom-client's default metrics go on. Method: both in one process, compared line by line.
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import client from 'prom-client';
import { collectPrometheusText } from '../../lib/exposition/collect-prometheus-text.js';
import { createStore } from '../../lib/otel/metric-store.js';
import { observeProcess, readKernelFigures } from '../../lib/otel/observe-process.js';
import type { MetricStore } from '../../lib/otel/store-interface.js';

/** What each name without its labels has; labels without the scope's. */
async function samplesOf(store: MetricStore): Promise<Map<string, { labels: string; value: number }>> {
  let text = '';
  for await (const chunk of collectPrometheusText({ store })) text += chunk;
  return parse(text);
}

function parse(text: string): Map<string, { labels: string; value: number }> {
  const samples = new Map<string, { labels: string; value: number }>();
  for (const [, name = '', labels = '', value] of text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)) {
    if (samples.has(name)) throw new Error(`${name} twice`);
    const own = labels.split(',').filter(label => !label.startsWith('otel_scope_'));
    samples.set(name, { labels: own.sort().join(','), value: Number(value) });
  }
  return samples;
}

type Samples = ReturnType<typeof parse>;

async function defaultMetrics(): Promise<Samples> {
  const registry = new client.Registry();
  client.collectDefaultMetrics({ register: registry });
  return parse((await registry.metrics()).replace(/^nodejs_(?!version).*$/gm, ''));
}

/** What of it only Linux has. */
const LINUX = ['process_open_fds', 'process_max_fds', 'process_virtual_memory_bytes'];

/** How far apart two looks at the same process may be. */
const TOLERANCE: Readonly<Record<string, number>> = {
  process_start_time_seconds: 1,
  process_open_fds: 10,
  process_virtual_memory_bytes: 2 ** 38,
};

/** Stores of tests before this one reserve address space, and give it back when they are collected: which may be just now. */
async function samplesAtRest(store: MetricStore): Promise<[ours: Samples, theirs: Samples]> {
  const name = 'process_virtual_memory_bytes';
  const sizeOf = (samples: Samples): number => samples.get(name)?.value ?? 0;
  for (let tries = 0; ; tries++) {
    const [before, theirs, ours] = [await samplesOf(store), await defaultMetrics(), await samplesOf(store)];
    if (sizeOf(before) === sizeOf(ours) || tries === 20) return [ours, theirs];
  }
}

describe('observeProcess', () => {
  it('should say what prom-client says, under the same names, and nothing else', async () => {
    const store = createStore({ shared: false });
    observeProcess({ store });
    const [ours, theirs] = await samplesAtRest(store);
    const expected = ['nodejs_version_info', 'process_start_time_seconds'];
    if (process.platform === 'linux') expected.push(...LINUX);
    const isOfProcess = (name: string): boolean => name !== 'target_info';
    expect([...ours.keys()].filter(isOfProcess).sort()).to.deep.equal(expected.sort());
    for (const name of expected) {
      const [own, other] = [ours.get(name), theirs.get(name)];
      expect(own?.labels, name).to.equal(other?.labels);
      expect(own?.value, name).to.be.closeTo(other?.value ?? NaN, TOLERANCE[name] ?? 0);
      expect(own?.value, name).to.be.greaterThan(0);
    }
    await store.shutdown();
  });

  it('should leave out what the kernel does not say, and keep the rest', async function () {
    if (process.platform !== 'linux') this.skip();
    const folder = await mkdtemp(join(tmpdir(), 'proc-'));
    await mkdir(join(folder, 'fd'));
    const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
    try {
      expect(await readKernelFigures(folder)).to.equal(undefined);
      await write('limits', 'Max open files            unlimited            unlimited            files\n');
      await write('status', 'Name:\tnode\nThreads:\t7\n');
      expect(await readKernelFigures(folder)).to.deep.equal({
        openFds: 0,
        maxFds: undefined,
        virtualBytes: undefined,
      });
      await write('limits', 'Max open files            1024                 4096                 files\n');
      await write('status', 'Name:\tnode\nVmSize:\t   12 kB\n');
      expect(await readKernelFigures(folder)).to.deep.equal({
        openFds: 0,
        maxFds: 1024,
        virtualBytes: 12_288,
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('should have its figures once where several threads observe, and until the last of them stopped', async () => {
    const store = createStore();
    const observation = observeProcess({ store });
    const again = observeProcess({ store });
    const worker = new Worker(new URL('../faults/workers/process-observing.mjs', import.meta.url), {
      workerData: store.handle,
    });
    await once(worker, 'message');
    const all = await samplesOf(store);
    expect(all.get('nodejs_version_info')?.value).to.equal(1);
    expect(all.get('process_start_time_seconds')?.value).to.be.closeTo(
      Date.now() / 1000 - process.uptime(),
      2,
    );
    observation.shutdown();
    observation.shutdown();
    expect((await samplesOf(store)).get('nodejs_version_info')?.value).to.equal(1);
    again.shutdown();
    expect((await samplesOf(store)).get('nodejs_version_info')?.value).to.equal(1);
    worker.postMessage('end');
    await once(worker, 'exit');
    expect([...(await samplesOf(store)).keys()].filter(name => name !== 'target_info')).to.deep.equal([]);
    await store.shutdown();
  });
});
