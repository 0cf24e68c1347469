// Goal: what `watch` counts over connections that break equals what `replay` counts of a file. Method: every recording of a real
// controller, event by event through a server on loopback that cuts its watches wherever that may hurt.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { expect } from 'chai';
import { CustomMetrics } from '../../lib/argo/emit/custom-metrics.js';
import { resolveMetricsConfig } from '../../lib/argo/emit/metrics-config.js';
import { WorkflowParser } from '../../lib/argo/workflow/written-workflow.js';
import { ReplayClock } from '../../lib/cli/replay-clock.js';
import { WatchMetrics } from '../../lib/cli/watch-metrics.js';
import { WatchLog } from '../../lib/cli/watch-log.js';
import { WorkflowFeed } from '../../lib/cli/workflow-feed.js';
import { textsOf } from '../../lib/exposition/chunk-texts.js';
import { TEXT_FORMAT } from '../../lib/exposition/negotiation/exposition-format.js';
import { PrometheusCollector } from '../../lib/exposition/prometheus-collector.js';
import { ApiClient } from '../../lib/kubernetes/api-client.js';
import { ListWatch, type ListWatchTarget, type WatchedEvent } from '../../lib/kubernetes/list-watch.js';
import { proxyAccess } from '../../lib/kubernetes/proxy-access.js';
import { createStore } from '../../lib/otel/metric-store.js';
import {
  begin,
  errorEvent,
  statusFault,
  TestApiServer,
  type TestObject,
} from '../kubernetes/test-api-server.js';
import { ROOT } from '../support/source-tree.js';
import { runInMemory } from './run-in-memory.js';

const CASES = join(ROOT, 'test/argo/golden/cases');

interface Recorded extends WatchedEvent {
  readonly object: TestObject;
}

interface Case {
  readonly at: string;
  readonly metricsConfig: { readonly metricsTTL?: string };
  readonly events: readonly Recorded[];
}

/** With the versions that a server gives to what comes one after the other; two recordings were put together by hand. */
function readCase(name: string): Case {
  const folder = join(CASES, name);
  const { scrapes, metricsTTL } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as {
    scrapes: { at: string }[];
    metricsTTL?: string;
  };
  const lines = readFileSync(join(folder, 'events.ndjson'), 'utf8').split('\n').filter(Boolean);
  const events = lines.map((line, index) => {
    const { type, object } = JSON.parse(line) as Recorded;
    const metadata = { ...object.metadata, resourceVersion: `${FIRST_VERSION + index + 1}` };
    return { type, object: { ...object, metadata } };
  });
  const metricsConfig = metricsTTL === undefined ? {} : { metricsTTL };
  return { at: scrapes.at(-1)?.at ?? '', metricsConfig, events };
}

const FIRST_VERSION = 1000;

async function replayed({ at, events, metricsConfig }: Case): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify(metricsConfig));
  const stdin = Readable.from([Buffer.from(events.map(event => `${JSON.stringify(event)}\n`).join(''))]);
  const { stdout } = await runInMemory(['replay', '-', '--at', at, '--config', config], { stdin });
  rmSync(folder, { recursive: true });
  return stdout;
}

/** The server plays the events; after each of them something may go wrong. */
type Trouble = (server: TestApiServer, index: number) => Promise<void>;

async function watched({ at, events, metricsConfig }: Case, trouble: Trouble): Promise<string> {
  const { shortestTtlMillis } = resolveMetricsConfig(metricsConfig);
  const clock = new ReplayClock(() => Date.parse(at), shortestTtlMillis);
  const store = createStore({ shared: false, cardinalityLimit: 100_000, clock });
  const customMetrics = new CustomMetrics({ store, metricsConfig });
  const collector = new PrometheusCollector(store, { only: ({ verbatim }) => verbatim, targetInfo: false });
  clock.collect = () => collector.collect();
  const log = new WatchLog({ stderr: new PassThrough().resume(), clock }, { format: 'text', level: 'info' });
  const metrics = new WatchMetrics();
  const feed = new WorkflowFeed(customMetrics, undefined, log, metrics);
  async function* seen(objects: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    for await (const object of objects) {
      await clock.see(object);
      yield object;
    }
  }
  const target: ListWatchTarget = {
    list: objects => feed.list(seen(objects)),
    event: async event => {
      await clock.see(event.object);
      feed.event(event);
    },
  };
  const parser = new WorkflowParser();
  let parsed = 0;
  const server = await TestApiServer.start({ version: FIRST_VERSION });
  const client = new ApiClient(proxyAccess(server.url), 'test');
  const end = new AbortController();
  const begun = server.asked(({ kind }) => kind === 'watch');
  const done = new ListWatch({
    ...{ client, path: '/workflows', labelSelector: '', target },
    parse: bytes => {
      parsed++;
      return parser.parse(bytes);
    },
    onFailure: () => undefined,
    pause: () => new Promise(resolve => setImmediate(resolve)),
  }).run(end.signal);
  await begun;
  for (const [index, { type, object }] of events.entries()) {
    server.change(type, object);
    await trouble(server, index);
  }
  await server.caughtUp();
  end.abort();
  await done;
  expect(parsed, 'parsed').to.be.at.least(1);
  client.close();
  await server.close();
  await clock.finish();
  const { exposition } = await collector.collect();
  let text = '';
  for (const chunk of textsOf(await exposition.chunks(TEXT_FORMAT))) text += chunk;
  collector.close();
  await store.shutdown();
  await metrics.close();
  return text;
}

/** In turn, and none at most events, so that some come together. */
const TROUBLES: readonly Trouble[] = [
  server => server.caughtUp('destroy'),
  // All but the last bytes of an event.
  async server => {
    server.fault('watch', response => {
      begin(response);
      response.write(`{"type":"MODIFIED","object":{"metadata":{"resourceVersion":"${server.version}"}`);
      setImmediate(() => response.destroy());
    });
    await server.caughtUp('destroy');
  },
  // The history is gone while nothing was missed.
  async server => {
    await server.caughtUp();
    const listed = server.asked(({ kind }) => kind === 'list');
    server.fault(
      'watch',
      Number(server.version) % 2 === 0 ? errorEvent(410, 'Expired') : statusFault(410, 'Expired'),
    );
    server.fault('list', response => response.destroy(), statusFault(504, 'Timeout'));
    const back = server.asked(
      ({ kind, query }) => kind === 'watch' && query.get('resourceVersion') === server.version,
    );
    server.endWatches('destroy');
    await back;
    server.compact();
    await listed;
    await server.caughtUp();
  },
  async server => {
    server.fault(
      'watch',
      statusFault(429, 'TooManyRequests', { 'retry-after': '1' }),
      statusFault(500, 'InternalError'),
    );
    await server.caughtUp('destroy');
  },
];

/** Running gauges to the millisecond: one is a sum of times, whose last digits depend on when they were added. */
function rounded(text: string): string {
  return text.replace(/ \d+\.\d{4,}$/gm, number => ` ${Number(Number(number).toFixed(3))}`);
}

describe('recordings that are watched over connections that break', () => {
  const names = readdirSync(CASES);

  it('should be found', () => {
    expect(names.length).to.be.greaterThan(60);
  });

  for (const [number, name] of names.entries())
    it(`should give what replay gives of ${name}`, async () => {
      const read = readCase(name);
      const trouble: Trouble = async (server, index) => {
        if ((index + number) % 3 === 0)
          await TROUBLES[((index + number) / 3) % TROUBLES.length]?.(server, index);
      };
      const [expected, text] = [await replayed(read), await watched(read, trouble)];
      expect(rounded(text)).to.equal(rounded(expected));
    });
});
