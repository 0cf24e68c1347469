// P1 to P4: what a record costs in one thread, beside the host SDK, prom-client and @prometheus-io/client.
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import prom from 'prom-client';
import { createStore, DoubleBufferedMetricReader } from 'otel-argo-metrics';
import { idleReader } from './idle-reader.mjs';
import { time } from './rounds.mjs';

const SETS = 1024;
const setsOf = count =>
  Array.from({ length: count }, (_, i) => ({ method: 'GET', route: `/r${i}`, status: '200' }));

export async function singleThread({ calls }) {
  const store = createStore({ cardinalityLimit: 1_000_000, handleCacheSize: 100_000 });
  const reader = new DoubleBufferedMetricReader({ store });
  const ours = store.getMeter('bench');
  const host = new MeterProvider({ readers: [idleReader] }).getMeter('bench');
  const sets = setsOf(SETS);
  const many = setsOf(10_000);
  const counters = { ours: ours.createCounter('c'), host: host.createCounter('c') };
  const histograms = { ours: ours.createHistogram('h'), host: host.createHistogram('h') };
  const bound = sets.map(set => counters.ours.bind(set));
  const boundHistograms = sets.map(set => histograms.ours.bind(set));
  const names = { name: 'c', help: 'h', labelNames: ['method', 'route', 'status'] };
  const promCounter = new prom.Counter({ ...names, registers: [] });
  const children = sets.map(set => promCounter.labels(set));
  let fresh = 0;
  const contestants = {
    boundAdd: () =>
      time(n => {
        for (let i = 0; i < n; i++) bound[i & 1023].add(1);
      }, calls * 30),
    add: () =>
      time(n => {
        for (let i = 0; i < n; i++) counters.ours.add(1, sets[i & 1023]);
      }, calls * 10),
    add10k: () =>
      time(n => {
        for (let i = 0; i < n; i++) counters.ours.add(1, many[i % 10_000]);
      }, calls * 5),
    addNew: () =>
      time(n => {
        for (let i = 0; i < n; i++)
          counters.ours.add(1, { method: 'GET', route: `/new${fresh++}`, status: '200' });
      }, 1000),
    hostAdd: () =>
      time(n => {
        for (let i = 0; i < n; i++) counters.host.add(1, sets[i & 1023]);
      }, calls),
    hostAdd10k: () =>
      time(n => {
        for (let i = 0; i < n; i++) counters.host.add(1, many[i % 10_000]);
      }, calls),
    hostAddNew: () =>
      time(n => {
        for (let i = 0; i < n; i++)
          counters.host.add(1, { method: 'GET', route: `/new${fresh++}`, status: '200' });
      }, 1000),
    boundRecord: () =>
      time(n => {
        for (let i = 0; i < n; i++) boundHistograms[i & 1023].record(i % 100);
      }, calls * 20),
    hostRecord: () =>
      time(n => {
        for (let i = 0; i < n; i++) histograms.host.record(i % 100, sets[i & 1023]);
      }, calls),
    promChild: () =>
      time(n => {
        for (let i = 0; i < n; i++) children[i & 1023].inc();
      }, calls),
  };
  const rival = await prometheusIoClient(names, sets);
  if (rival !== undefined)
    contestants.prometheusIoChild = () =>
      time(n => {
        for (let i = 0; i < n; i++) rival[i & 1023].inc();
      }, calls);
  return { contestants, end: () => Promise.all([reader.shutdown(), store.shutdown()]) };
}

/** Needs Node 22 and is no dependency: measured where somebody has installed it. */
async function prometheusIoClient(names, sets) {
  try {
    const { Counter } = await import('@prometheus-io/client');
    const counter = new Counter({ ...names, registers: [] });
    return sets.map(set => counter.labels(set));
  } catch {
    return undefined;
  }
}
