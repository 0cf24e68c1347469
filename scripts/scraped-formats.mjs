// What real servers are answered in, and what they make of it: for run-prometheus.mjs.
import { createServer } from 'node:http';
import { createStore, prometheusHandler } from 'otel-argo-metrics';

const BOUNDARIES = [1, 10];
const SIZES = [1, 5, 50];
const REQUESTS = 5;

/** By what a server sends: a version 2 knows nothing of UTF-8 names, and who uses created times asks for protobuf first. */
function kindOf(accept) {
  if (accept.startsWith('application/vnd.google.protobuf')) return 'created';
  return accept.includes('escaping=') ? 'new' : 'old';
}

function kindOfServer({ usesCreated, isNew }) {
  if (usesCreated) return 'created';
  return isNew ? 'new' : 'old';
}

const PROTOBUF =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=allow-utf-8';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** What each kind of server is answered by which job. */
const ANSWERS = {
  formats: {
    created: PROTOBUF,
    new: 'text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
    old: 'text/plain; version=0.0.4; charset=utf-8',
  },
  openmetrics: { created: PROTOBUF, new: `${OPEN_METRICS}; escaping=allow-utf-8`, old: OPEN_METRICS },
};

/** One store behind handlers that offer different formats. */
export class ScrapedFormats {
  store = createStore({ maxBytes: 4 * 1024 * 1024 });
  servers = [];
  #hasChanged = false;
  /** `job kind` to the types of answers. */
  answered = new Map();

  /** URLs by job. */
  async open() {
    const meter = this.store.getMeter('');
    meter
      .createCounter('http.requests', { description: 'Requests' })
      .add(REQUESTS, { 'http.route': '/a"b', é: '\\' });
    const sizes = meter.createHistogram('sizes', {
      description: 'Sizes',
      unit: 'By',
      advice: { explicitBucketBoundaries: BOUNDARIES },
    });
    for (const size of SIZES) sizes.record(size);
    const store = this.store;
    const [text, openMetrics] = [false, 'created'].map(option =>
      prometheusHandler({ store, openMetrics: option }),
    );
    // For who takes created times the format does not change: it has protobuf from both.
    const changing = (request, response) => (this.#hasChanged ? openMetrics : text)(request, response);
    return {
      formats: [await this.#serve('formats', text)],
      openmetrics: [await this.#serve('openmetrics', openMetrics)],
      changing: [await this.#serve('changing', changing)],
      underscores: [await this.#serve('underscores', text)],
    };
  }

  /** From here on the target that changes answers in another format. */
  change() {
    this.#hasChanged = true;
  }

  async #serve(job, handler) {
    const server = createServer((request, response) => {
      const key = `${job} ${kindOf(request.headers.accept ?? '')}`;
      response.once('finish', () => {
        const types = this.answered.get(key) ?? new Set();
        this.answered.set(key, types.add(response.getHeader('content-type')));
      });
      handler(request, response);
    });
    this.servers.push(server);
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${server.address().port}/metrics`;
  }

  /** Throws unless the server was always answered in the format that it has to be. */
  checkAnswers(job, server) {
    const kind = kindOfServer(server);
    const types = [...(this.answered.get(`${job} ${kind}`) ?? [])];
    if (types.length !== 1 || types[0] !== ANSWERS[job][kind])
      throw new Error(`${job}: answered in ${types.join(' and ')}`);
  }

  /** Throws unless the server has stored what there is, under the names that it asked for. */
  async checkStored(job, server) {
    const isUtf8 = server.isNew && job !== 'underscores';
    const labels = { job, 'http.route': '/a"b', é: '\\' };
    const wrong = [];
    const check = async (query, expected) => {
      const value = await server.number(query);
      if (value !== expected) wrong.push(`${query} is ${value}, not ${expected}`);
    };
    await check(server.selector('http.requests_total', labels, isUtf8), REQUESTS);
    await check(server.selector('sizes_bytes_count', { job }, isUtf8), SIZES.length);
    await check(
      server.selector('sizes_bytes_sum', { job }, isUtf8),
      SIZES.reduce((sum, size) => sum + size),
    );
    for (const bound of BOUNDARIES) {
      // Version 3 writes all bounds as fractions, and OpenMetrics does.
      const le = server.isNew || job === 'openmetrics' ? `${bound}.0` : `${bound}`;
      await check(
        server.selector('sizes_bytes_bucket', { job, le }, isUtf8),
        SIZES.filter(size => size <= bound).length,
      );
    }
    // Lines that say since when are series for who does not know what they are.
    const created = await server.query(server.selector('sizes_bytes_created', { job }, isUtf8));
    const hasLines = job === 'openmetrics' && !server.usesCreated;
    if (created.length !== (hasLines ? 1 : 0)) wrong.push(`${created.length} series of created lines`);
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  }

  /** Throws unless buckets went on, or began anew, when the format changed. */
  async checkChange(server) {
    const buckets = server.selector('sizes_bytes_bucket', { job: 'changing' }, false);
    const count = await server.number(`count(count_over_time(${buckets}[5m]))`);
    // Two numbers are written in another way; +Inf is not.
    const expected = BOUNDARIES.length + 1 + (server.isNew ? 0 : BOUNDARIES.length);
    if (count !== expected) throw new Error(`${count} series of buckets, not ${expected}`);
  }

  async close() {
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    }
    await this.store.shutdown();
  }
}

export const formatJobs = Object.keys(ANSWERS);
