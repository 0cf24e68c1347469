import { expect } from 'chai';
import fc from 'fast-check';
import { negotiateFormat } from '../../../lib/exposition/negotiation/negotiation.js';
import type { OfferedFormats } from '../../../lib/exposition/negotiation/negotiation.js';

const DEFAULTS: OfferedFormats = { openMetrics: false, protobuf: true };

const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
const OPEN_METRICS = 'application/openmetrics-text';

/** What servers send, as it was seen on the wire. */
const SERVERS = {
  '2.42': `${OPEN_METRICS};version=1.0.0,${OPEN_METRICS};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
  '2.42 with native histograms': `${PROTOBUF},${OPEN_METRICS};version=1.0.0;q=0.8,${OPEN_METRICS};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
  '3.16': `${OPEN_METRICS};version=1.0.0;escaping=allow-utf-8;q=0.7,${OPEN_METRICS};version=0.0.1;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3`,
  '3.16 with metric_name_escaping_scheme: underscores': `${OPEN_METRICS};version=1.0.0;escaping=underscores;q=0.7,${OPEN_METRICS};version=0.0.1;q=0.6,text/plain;version=1.0.0;escaping=underscores;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3`,
  '3.16 with created-timestamp-zero-ingestion': `${PROTOBUF};q=0.7,${OPEN_METRICS};version=1.0.0;escaping=allow-utf-8;q=0.6,${OPEN_METRICS};version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`,
  '3.0 before escaping of some formats only': `${PROTOBUF};escaping=allow-utf-8;q=0.6,${OPEN_METRICS};version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`,
} as const;

type Row = readonly [accept: string | undefined, withOldNames: string, withOtherNames?: string];

describe('negotiateFormat', () => {
  /** `text`, `text utf8`, `openmetrics`, `openmetrics created` … */
  const choice = (accept: string | undefined, needsUtf8Names: boolean, offered = DEFAULTS): string => {
    const { kind, utf8Names, created } = negotiateFormat(accept, offered, needsUtf8Names);
    return [kind, ...(utf8Names ? ['utf8'] : []), ...(created ? ['created'] : [])].join(' ');
  };
  const check = (rows: readonly Row[], offered?: OfferedFormats): void => {
    for (const [accept, withOldNames, withOtherNames = withOldNames] of rows) {
      expect(choice(accept, false, offered), `${accept}, old names`).to.equal(withOldNames);
      expect(choice(accept, true, offered), `${accept}, other names`).to.equal(withOtherNames);
    }
  };

  it('should give servers what they like best of what does not change what they have stored', () => {
    check([
      [SERVERS['2.42'], 'text'],
      [SERVERS['2.42 with native histograms'], 'protobuf created'],
      [SERVERS['3.16'], 'text', 'text utf8'],
      [SERVERS['3.16 with metric_name_escaping_scheme: underscores'], 'text'],
      [SERVERS['3.16 with created-timestamp-zero-ingestion'], 'protobuf created', 'protobuf utf8 created'],
      [SERVERS['3.0 before escaping of some formats only'], 'protobuf created', 'protobuf utf8 created'],
    ]);
  });

  it('should give servers OpenMetrics when it is offered', () => {
    const rows: Row[] = [
      [SERVERS['2.42'], 'openmetrics'],
      [SERVERS['3.16'], 'openmetrics', 'openmetrics utf8'],
      [SERVERS['3.16 with created-timestamp-zero-ingestion'], 'protobuf created', 'protobuf utf8 created'],
      ['*/*', 'text'],
      [undefined, 'text'],
      [`text/plain, ${OPEN_METRICS};q=0.9`, 'text'],
      [`text/plain;q=0.8, ${OPEN_METRICS};q=0.9`, 'openmetrics'],
      [`text/plain, ${OPEN_METRICS}`, 'text'],
      [`${OPEN_METRICS}, text/plain`, 'openmetrics'],
    ];
    check(rows, { openMetrics: true, protobuf: true });
    const created = rows.map(([accept, old, other = old]): Row => {
      const withLines = (text: string): string => (text.startsWith('openmetrics') ? `${text} created` : text);
      return [accept, withLines(old), withLines(other)];
    });
    check(created, { openMetrics: 'created', protobuf: true });
  });

  it('should give protobuf to who ranks it first, and to nobody when it is not offered', () => {
    check([
      [PROTOBUF, 'protobuf created'],
      [`text/plain;q=0.9, ${PROTOBUF}`, 'protobuf created'],
      [`image/png, ${PROTOBUF};q=0.9, text/plain;q=0.8`, 'protobuf created'],
      [`${PROTOBUF}, text/plain`, 'protobuf created'],
      [`text/plain, ${PROTOBUF}`, 'text'],
      [`${OPEN_METRICS}, ${PROTOBUF};q=0.9, text/plain;q=0.5`, 'text'],
      [`*/*, ${PROTOBUF};q=0.9`, 'text'],
      // Which messages, and how they are put one after the other, has to be said.
      ['application/vnd.google.protobuf, text/plain;q=0.5', 'text'],
      [`${PROTOBUF.replace('delimited', 'text')}, text/plain;q=0.5`, 'text'],
      [`${PROTOBUF.replace('MetricFamily', 'Other')}, text/plain;q=0.5`, 'text'],
      [
        PROTOBUF.replace('io.prometheus.client.MetricFamily', '"io.prometheus.client.MetricFamily"'),
        'protobuf created',
      ],
    ]);
    check(
      [
        [PROTOBUF, 'text'],
        [SERVERS['3.16 with created-timestamp-zero-ingestion'], 'text', 'text utf8'],
      ],
      {
        openMetrics: false,
        protobuf: false,
      },
    );
  });

  it('should give OpenMetrics to who refuses text', () => {
    check([
      [OPEN_METRICS, 'openmetrics'],
      [`${OPEN_METRICS};version=1.0.0`, 'openmetrics'],
      [`${OPEN_METRICS};version=1.0.0;escaping=allow-utf-8`, 'openmetrics', 'openmetrics utf8'],
      [`${OPEN_METRICS};q=0.5, text/*;q=0, */*`, 'openmetrics'],
      [`text/plain;q=0, */*`, 'openmetrics'],
      ['application/*', 'openmetrics'],
      [`${OPEN_METRICS};version=2.0.0`, 'text'],
      [`${OPEN_METRICS}, */*;q=0.1`, 'text'],
    ]);
    const { contentType } = negotiateFormat(`${OPEN_METRICS};version=0.0.1`, DEFAULTS, true);
    expect(contentType).to.equal('application/openmetrics-text; version=0.0.1; charset=utf-8');
  });

  it('should write UTF-8 names for who asks for them with the format that is given', () => {
    check([
      ['text/plain;version=1.0.0;escaping=allow-utf-8', 'text', 'text utf8'],
      ['text/plain;escaping="allow-utf-8"', 'text', 'text utf8'],
      ['text/plain;version=1.0.0', 'text'],
      ['text/plain;version=1.0.0;escaping=dots', 'text'],
      ['text/plain;version=0.0.4;escaping=allow-utf-8', 'text'],
      ['text/plain;version=0.0.4, text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5', 'text'],
      ['*/*;escaping=allow-utf-8', 'text'],
      [`${PROTOBUF};escaping=allow-utf-8`, 'protobuf created', 'protobuf utf8 created'],
      [`${PROTOBUF}, text/plain;version=1.0.0;escaping=underscores;q=0.5`, 'protobuf created'],
      [`${PROTOBUF}, text/plain;escaping=allow-utf-8;q=0`, 'protobuf created'],
    ]);
  });

  it('should answer 0.0.4 where nothing is acceptable, or nothing is said', () => {
    for (const accept of [undefined, '', '*/*', 'text/*', 'text/plain', 'text/plain;version=0.0.4'])
      check([[accept, 'text']]);
    for (const accept of ['image/png', '*/*;q=0', 'text/plain;q=0', 'text/plain;version=0.0.5', ';;;', '"'])
      check([[accept, 'text']]);
  });

  it('should declare what it gives', () => {
    const declared = (accept: string, needsUtf8Names = false): string =>
      negotiateFormat(accept, DEFAULTS, needsUtf8Names).contentType;
    expect(declared('*/*')).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(declared(SERVERS['3.16'], true)).to.equal(
      'text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
    );
    expect(declared(`${OPEN_METRICS};escaping=allow-utf-8`)).to.equal(
      'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores',
    );
    expect(declared(`${OPEN_METRICS};escaping=allow-utf-8`, true)).to.equal(
      'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
    );
    expect(declared(OPEN_METRICS)).to.equal('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(declared(PROTOBUF)).to.equal(
      'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
    );
  });

  it('should never give what was refused, or is worth less than something else of its kind', () => {
    const types = [
      'text/plain',
      'text/plain;version=1.0.0',
      OPEN_METRICS,
      PROTOBUF,
      '*/*',
      'text/*',
      'image/png',
    ];
    const range = fc.record({ type: fc.constantFrom(...types), quality: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(
        fc.uniqueArray(range, { selector: ({ type }) => type }),
        fc.boolean(),
        (ranges, openMetrics) => {
          const header = ranges.map(({ type, quality }) => `${type};q=${quality / 4}`).join(',');
          const { kind } = negotiateFormat(header, { openMetrics, protobuf: true }, false);
          const quality = (...specific: string[]): number | undefined =>
            specific
              .map(type => ranges.find(found => found.type === type)?.quality)
              .find(found => found !== undefined);
          const qualities = {
            text: Math.max(
              quality('text/plain', 'text/*', '*/*') ?? 0,
              quality('text/plain;version=1.0.0', 'text/plain', 'text/*', '*/*') ?? 0,
            ),
            openmetrics: quality(OPEN_METRICS, '*/*') ?? 0,
            protobuf: quality(PROTOBUF) ?? 0,
          };
          const best = Math.max(...Object.values(qualities));
          if (best > 0) expect(qualities[kind], `${header}: ${kind}`).to.be.greaterThan(0);
          if (openMetrics && best > 0)
            expect(qualities[kind], `${header}: ${kind}`).to.be.oneOf([
              best,
              qualities.text,
              qualities.openmetrics,
            ]);
          if (kind === 'protobuf') expect(qualities.protobuf, header).to.equal(best);
          if (kind === 'openmetrics' && !openMetrics) expect(qualities.text, header).to.equal(0);
        },
      ),
    );
  });
});
