import { expect } from 'chai';
import { metricName, prometheusType } from '../../lib/exposition/metric-name.js';
import type { InstrumentKind, StreamDefinition } from '../../lib/store/definition/stream.js';
import { stream, verbatimStream } from './streams.js';

describe('metricName', () => {
  const nameOf = (name: string, kind: InstrumentKind, unit = ''): string =>
    metricName(stream({ name, kind, unit }).definition);

  const rows: readonly (readonly [string, InstrumentKind, string, string])[] = [
    ['jobs', 'COUNTER', '', 'jobs_total'],
    ['jobs', 'OBSERVABLE_COUNTER', '', 'jobs_total'],
    ['jobs', 'UP_DOWN_COUNTER', '', 'jobs'],
    ['jobs', 'OBSERVABLE_UP_DOWN_COUNTER', '', 'jobs'],
    ['jobs_total', 'COUNTER', '', 'jobs_total'],
    ['http.server.request.duration', 'HISTOGRAM', 's', 'http_server_request_duration_seconds'],
    ['request_seconds', 'HISTOGRAM', 's', 'request_seconds'],
    ['seconds_before_my_birthday', 'GAUGE', 's', 'seconds_before_my_birthday_seconds'],
    ['seconds', 'GAUGE', 's', 'seconds'],
    ['io.total', 'COUNTER', 'By', 'io_bytes_total'],
    ['io_bytes_total', 'COUNTER', 'By', 'io_bytes_total'],
    ['cpu.utilization', 'GAUGE', '1', 'cpu_utilization_ratio'],
    ['cpu.utilization', 'OBSERVABLE_GAUGE', '1', 'cpu_utilization_ratio'],
    ['requests', 'COUNTER', '1', 'requests_total'],
    ['speed', 'GAUGE', 'm/s', 'speed_meters_per_second'],
    ['requests', 'COUNTER', '{request}', 'requests_total'],
    ['a..b--c__d', 'GAUGE', '', 'a_b_c_d'],
    ['a:b', 'GAUGE', '', 'a:b'],
    ['2xx', 'GAUGE', '', '_2xx'],
    ['größe', 'GAUGE', '', 'gr_e'],
    ['trailing.', 'COUNTER', '', 'trailing_total'],
  ];
  for (const [name, kind, unit, expected] of rows)
    it(`should expose the ${kind} "${name}" with unit "${unit}" as ${expected}`, () => {
      expect(nameOf(name, kind, unit)).to.equal(expected);
    });

  it('should add nothing to the name of a verbatim stream', () => {
    const definition: StreamDefinition = verbatimStream({
      name: 'argo__jobs',
      unit: 's',
      kind: 'COUNTER',
    }).definition;
    expect(metricName(definition)).to.equal('argo__jobs');
  });

  it('should make even a verbatim name one that a server can read', () => {
    expect(metricName(verbatimStream({ name: '1 job.name' }).definition)).to.equal('_1_job_name');
  });
});

describe('prometheusType', () => {
  it('should know counters, gauges and histograms', () => {
    const kinds: InstrumentKind[] = [
      'COUNTER',
      'UP_DOWN_COUNTER',
      'GAUGE',
      'HISTOGRAM',
      'OBSERVABLE_COUNTER',
    ];
    expect(kinds.map(prometheusType)).to.deep.equal(['counter', 'gauge', 'gauge', 'histogram', 'counter']);
  });
});
