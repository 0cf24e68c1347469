import { expect } from 'chai';
import fc from 'fast-check';
import {
  isUtf8Name,
  metricName,
  prometheusType,
  unitOfName,
} from '../../../lib/exposition/names/metric-name.js';
import type { InstrumentKind, StreamDefinition } from '../../../lib/store/definition/stream.js';
import { stream, verbatimStream } from '../streams.js';

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

  const utf8Rows: readonly (readonly [string, InstrumentKind, string, string])[] = [
    ['http.server.request.duration', 'HISTOGRAM', 's', 'http.server.request.duration_seconds'],
    ['io.total', 'COUNTER', 'By', 'io_bytes_total'],
    ['disk.io', 'COUNTER', 'By', 'disk.io_bytes_total'],
    ['disk.io.bytes', 'COUNTER', 'By', 'disk.io.bytes_total'],
    ['cpu.utilization', 'GAUGE', '1', 'cpu.utilization_ratio'],
    ['größe', 'GAUGE', '', 'größe'],
    ['half\ud800', 'GAUGE', '', 'half\ufffd'],
    ['2xx', 'GAUGE', '', '2xx'],
    ['_-total', 'COUNTER', '', '_total'],
    ['a..b--c__d', 'GAUGE', '', 'a..b--c__d'],
    ['a__b', 'GAUGE', '', 'a_b'],
    ['jobs', 'COUNTER', '', 'jobs_total'],
    ['', 'GAUGE', '', '_'],
  ];
  for (const [name, kind, unit, expected] of utf8Rows)
    it(`should expose the ${kind} ${JSON.stringify(name)} with unit "${unit}" as ${JSON.stringify(expected)} with UTF-8 names`, () => {
      expect(metricName(stream({ name, kind, unit }).definition, true)).to.equal(expected);
    });

  it('should differ with UTF-8 names in nothing but what translation loses', () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[a-c_.:2-]{0,5}(_?total|\.seconds)?$/),
    );
    const kinds = fc.constantFrom<InstrumentKind>('COUNTER', 'GAUGE', 'HISTOGRAM');
    fc.assert(
      fc.property(
        names,
        kinds,
        fc.constantFrom('', 's', '1', 'm/s'),
        fc.boolean(),
        (name, kind, unit, verbatim) => {
          const { definition } = stream({ name, kind, unit, verbatim });
          const [old, utf8] = [metricName(definition), metricName(definition, true)];
          expect(isUtf8Name(old)).to.be.false;
          if (!isUtf8Name(utf8) || verbatim) expect(utf8).to.equal(old);
          expect(utf8.replaceAll(/[^a-zA-Z0-9:]+/g, '_').replace(/^(?=\d)/, '_')).to.equal(
            verbatim ? old.replaceAll(/_+/g, '_') : old,
          );
          if (isUtf8Name(utf8) && !verbatim)
            expect(utf8).to.contain(
              name.replace(/[^a-zA-Z0-9:]total$/u, '').replaceAll(/[\p{Surrogate}\0]/gu, '\ufffd'),
            );
        },
      ),
      { examples: [['\0', 'COUNTER', '', false]] },
    );
  });

  it('should announce a unit only that the name ends with', () => {
    const unitOf = (name: string, kind: InstrumentKind, unit: string, verbatim = false): string => {
      const { definition } = stream({ name, kind, unit, verbatim });
      return unitOfName(metricName(definition), definition);
    };
    expect(unitOf('a', 'HISTOGRAM', 's')).to.equal('seconds');
    expect(unitOf('a', 'COUNTER', 'By')).to.equal('bytes');
    expect(unitOf('a', 'GAUGE', '1')).to.equal('ratio');
    expect(unitOf('a', 'COUNTER', '1')).to.equal('');
    expect(unitOf('seconds', 'GAUGE', 's')).to.equal('');
    expect(unitOf('a', 'GAUGE', 's', true)).to.equal('');
    expect(unitOf('a_seconds', 'GAUGE', 's', true)).to.equal('seconds');
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
