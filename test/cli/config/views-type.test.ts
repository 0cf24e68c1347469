// Goal: what the file says of Views is what the library does. Method: a store with them, and what its page shows.
import { expect } from 'chai';
import { ConfigReport } from '../../../lib/cli/config/config-report.js';
import { viewOptions, VIEWS } from '../../../lib/cli/config/views-type.js';
import { collectPrometheusText, createStore, limitViews } from '../../../lib/index.js';

/** Where it is wrong, and how. */
function complaintsOf(given: unknown): string[] {
  const report = new ConfigReport();
  expect(VIEWS.read(given, 'views', report)).to.equal(undefined);
  return report.complaints.map(({ path, message }) => `${path}: ${message}`);
}

function settingsOf(given: unknown): NonNullable<ReturnType<typeof VIEWS.read>> {
  const report = new ConfigReport();
  const settings = VIEWS.read(given, 'views', report);
  expect(report.complaints).to.deep.equal([]);
  return settings ?? [];
}

describe('views of a configuration', () => {
  it('limit series and labels of the metrics that they name', async () => {
    const settings = settingsOf([
      {
        instrumentName: 'runs_*',
        seriesTtl: '10m',
        labels: {
          pod: { drop: true },
          code: { allow: ['200', { pattern: '^3' }], overflowValue: 'else' },
          user: { maxValues: 1 },
        },
      },
      { instrumentName: 'few', limit: 1 },
    ]);
    const store = createStore({ maxBytes: 2 ** 24, views: limitViews([], viewOptions(settings, 77)) });
    const meter = store.getMeter('m');
    for (const code of ['200', '301', '404', '500'])
      meter.createCounter('runs_a').add(1, { pod: `p${code}`, code, user: code });
    for (const n of ['1', '2', '3']) meter.createCounter('few').add(1, { n });
    let page = '';
    for await (const chunk of collectPrometheusText({ store, targetInfo: false })) page += chunk;
    expect(page.match(/^runs_a_total\{.*$/gm)).to.deep.equal([
      'runs_a_total{code="200",otel_scope_name="m",user="200"} 1',
      'runs_a_total{code="301",otel_scope_name="m",user="_OTHER"} 1',
      'runs_a_total{code="else",otel_scope_name="m",user="_OTHER"} 2',
    ]);
    expect(page).to.match(/^few_total\{otel_metric_overflow="true",otel_scope_name="m"\} 2$/m);
    expect(viewOptions(settings, 77).map(({ limit }) => limit)).to.deep.equal([77, 1]);
    expect(viewOptions(settings, 77)[0]?.seriesTtlMillis).to.equal(600_000);
  });

  it('read back from what they are printed as', () => {
    const given = [
      { instrumentName: 'a', dryRun: true, labels: { l: { allow: ['', { pattern: 'x' }], maxValues: 3 } } },
      { instrumentName: 'b?', limit: 5, seriesTtl: '1h', labels: { l: { drop: true } } },
    ];
    expect(VIEWS.plain(settingsOf(given))).to.deep.equal(given);
  });

  it('are refused where the library would refuse them, at their places', () => {
    expect(complaintsOf([{ instrumentName: '*' }])).to.have.length(1);
    for (const all of ['*', '**', '?*', '*?', '*?*'])
      expect(complaintsOf([{ instrumentName: all }])[0], all).to.match(/^views\[0\]\.instrumentName: /);
    expect(complaintsOf([{ instrumentName: 'a' }, { instrumentName: 'a*' }])).to.deep.equal([
      'views[1].instrumentName: the limit of {"instrumentName":"a*"} and the View of {"instrumentName":"a"} may match the same ' +
        'instrument, which would count twice: give both the same selector',
    ]);
    const twice = { instrumentName: 'a', labels: { l: { drop: true } } };
    expect(complaintsOf([twice, twice])[0]).to.match(
      /^views\[1\]\.instrumentName: .*policy for the label "l"/,
    );
    expect(complaintsOf({})).to.deep.equal([
      'views: views must be a list of 0 to 100 Views, got an empty mapping',
    ]);
  });

  it('have policies that say something, and a map is not among them', () => {
    const policy = (given: object): string[] => complaintsOf([{ instrumentName: 'a', labels: { l: given } }]);
    expect(policy({ drop: true, maxValues: 3 })).to.deep.equal([
      'views[0].labels.l.maxValues: unknown key "maxValues"',
    ]);
    expect(policy({ drop: false })).to.deep.equal([
      'views[0].labels.l.drop: views[0].labels.l.drop must be true, got false',
    ]);
    expect(policy({ map: 'x' })).to.deep.equal(['views[0].labels.l.map: unknown key "map"']);
    for (const empty of [{}, { overflowValue: 'x' }])
      expect(policy(empty)[0]).to.match(/^views\[0\]\.labels\.l: .* must be \{ drop: true \}, or/);
    expect(policy({ maxValues: 0 })[0]).to.match(/from 1 to 10000, got 0$/);
    expect(policy({ allow: [] })[0]).to.match(/a list of 1 to 10000 texts and patterns, got an empty list$/);
    expect(policy({ allow: [200] })[0]).to.match(/allow\[0\] must be a text, got 200$/);
    expect(policy({ allow: [{ pattern: '(' }] })[0]).to.match(
      /allow\[0\]\.pattern must be a regular expression/,
    );
    expect(policy({ allow: [{ pattern: '.', flags: 'i' }] })[0]).to.match(/unknown key "flags"$/);
    const labels = Object.fromEntries(
      Array.from({ length: 17 }, (_, index) => [`l${index}`, { drop: true }]),
    );
    expect(complaintsOf([{ instrumentName: 'a', labels }])[0]).to.match(
      /a mapping of 1 to 16 labels, got a mapping$/,
    );
  });
});
