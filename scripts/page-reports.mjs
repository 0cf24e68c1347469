// Reports that are made up, for tests of the page with and without a browser.

/** Texts that break pages, each in its way. */
export const HOSTILE = [
  '<img src=x onerror="window.broken=1">',
  '"><script>window.broken=1</script>',
  "javascript:window.broken=1//'",
  '</td></table><style>*{display:none}</style>',
  'a\u202egnp.exe',
  '\u0000\u0007\u001b[31mbell',
  'x'.repeat(5000),
  'W'.repeat(250),
  '\ud800',
  '\udc00 turned \ud800',
  'zero\u200bwidth\u2060\ufeff',
  'a\u0300\u0301\u0302'.repeat(40),
  ' blanks  around ',
  '',
  '日本語 שלום',
  '\u{1f469}\u200d\u{1f680}',
  '__proto__',
];

/** One that refuses sets because of a label. */
export function metric(changes = {}) {
  return {
    name: 'jobs',
    scope: '',
    kind: 'COUNTER',
    series: 2000,
    limit: 2000,
    headroom: 0,
    overflowed: 998_000,
    demand: { sets: 1_000_000, exact: false, atMost: false },
    labels: [
      {
        key: 'pod',
        distinct: 1_000_000,
        exact: false,
        seriesWithout: 40,
        top: [
          { value: 'p1', series: 3, atLeast: false },
          { value: 'p2', series: 2, atLeast: true },
        ],
      },
    ],
    ...changes,
  };
}

/** One of which everything is said that there is to say. */
export function advisedMetric(name, changes = {}) {
  const code = `cardinalityLimitedView({\n  instrumentName: ${JSON.stringify(name)},\n  limit: 240,\n  labels: { pod: { maxValues: 50 } },\n})`;
  return metric({
    name,
    scope: 'controller',
    labels: [
      {
        key: 'pod',
        distinct: 1_000_000,
        exact: false,
        seriesWithout: 40,
        top: ['p-7f9c4-x2', 'p-7f9c4-x3', 'p-7f9c4-x9'].map((value, index) => ({
          value,
          series: 40 - index,
          atLeast: index > 1,
        })),
        policy: { rule: 'maxValues', maxValues: 50, used: 50, overflowValue: '_OTHER', choose: 'first' },
      },
      {
        key: 'phase',
        distinct: 2,
        exact: true,
        seriesWithout: 1000,
        top: [{ value: 'Failed', series: 1000, atLeast: false }],
      },
    ],
    dryRun: { series: 190, overflowed: 0 },
    advice: {
      text: 'Nearly every series has its own value of pod: without it 40 are left.',
      limit: 240,
      labels: { pod: { maxValues: 50 } },
      code,
    },
    ...changes,
  });
}

/** A metric all of whose texts are hostile. */
export function hostileMetric(name) {
  const top = HOSTILE.map((value, index) => ({ value, series: 100 - index, atLeast: false }));
  const labels = HOSTILE.map((key, index) => ({
    key,
    distinct: 1 + index,
    exact: true,
    seriesWithout: 40,
    top: index === 0 ? top : [],
  }));
  const advice = { text: name, limit: 1, labels: {}, code: HOSTILE.join('\n') };
  return advisedMetric(name, { scope: name, labels, advice });
}

export function report(metrics, changes = {}) {
  const series = metrics.reduce((sum, each) => sum + each.series, 0);
  return { version: 1, at: 1_764_090_000_000, series, maxSeries: 143_360, sampled: 1, metrics, ...changes };
}
