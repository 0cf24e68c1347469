// What is claimed of the figures: a ratio of two contestants, or a figure by itself, with the goal. Names of contestants are those that
// the suites give them.

const thousands = count => count.toLocaleString('en-US');

/** Ratios: id, what, numerator, denominator, at least, at most. */
export const ratiosOf = sizes => [
  ['P1', 'bound counter add vs host add, 3 attributes, 1,024 series', 'hostAdd', 'boundAdd', 60],
  ['P2', 'add with 3 attributes, 1,024 sets, vs host', 'hostAdd', 'add', 6],
  ['P2b', 'the same, 10,000 sets', 'hostAdd10k', 'add10k'],
  ['P2c', 'the same, sets never seen before', 'hostAddNew', 'addNew'],
  ['P3', 'bound histogram record, 15 boundaries, vs host record', 'hostRecord', 'boundRecord', 40],
  ['P4', "bound counter vs prom-client's child", 'promChild', 'boundAdd', 20],
  ['P4b', "bound counter vs @prometheus-io/client's child", 'prometheusIoChild', 'boundAdd'],
  ['P5', 'one writer while another thread collects vs alone', 'whileCollecting', 'alone', 0.9],
  ['P5c', 'control: the other thread collects another store', 'besideAnotherStore', 'alone'],
  ['P6', 'two writers vs one', 'two', 'alone', 1.8],
  ['P6c', 'control: two writers of two stores vs one', 'twoApart', 'alone'],
  ...collectionsOf(sizes),
  ...scrapesOf(sizes),
  ...longestAdds(),
  ...longestTurns(sizes),
  [
    'P18',
    'add with 3 policies, values admitted, vs no policy',
    'policedAdmitted',
    'plainAdmitted',
    undefined,
    1.15,
  ],
  [
    'P18r',
    'the same, 15 of 16 values refused again and again',
    'policedRefused',
    'plainRefused',
    undefined,
    2,
  ],
  [
    'P18n',
    'the same, a new value each time, vs host add of known sets',
    'policedNew',
    'hostKnown',
    undefined,
    0.25,
  ],
  ['P18b', 'bound add with 3 policies vs no policy', 'boundPoliced', 'boundPlain', undefined, 1.02],
  [
    'P19',
    'event of a workflow of 200 nodes, from bytes to metrics, vs JSON.parse of it',
    'eventTaken',
    'eventParsed',
    undefined,
    1.3,
  ],
];

function longestAdds() {
  const states = [
    ['P14', 'collecting', '100,000 series are collected', 3],
    ['P14s', 'scraping', '100,000 series are scraped', 3],
    ['P14c', 'apart', '100,000 series of another store are (a control)'],
  ];
  return states.flatMap(([id, state, meanwhile, atMost]) => [
    [id, `longest bound add while ${meanwhile} vs not`, `${state}-bound`, 'quiet-bound', undefined, atMost],
    [id, 'longest add to an existing series', `${state}-existing`, 'quiet-existing', undefined, atMost],
    [id, 'longest first add of a series', `${state}-new`, 'quiet-new', undefined, atMost],
  ]);
}

function longestTurns({ turns }) {
  return [
    [
      'P10',
      `longest turn beside scrapes of ${thousands(turns)} series vs beside a busy process`,
      'turn',
      'burning',
      2,
    ],
    ['P10b', 'the same without waits for a CPU', 'own', 'burning'],
    ['P10p', 'the turn that one of 10,000 is longer than', 'turn9999', 'burning', 2],
    ['P10r', 'the longest record', 'record', 'burning', 2],
    ['P10i', 'longest turn, vs while nothing else happens', 'turn', 'idle'],
    ['P10c', 'control: vs beside the same scrapes of another process', 'turn', 'apart'],
  ].map(([id, what, kind, beside, atMost]) => [
    id,
    what,
    `scraped-${kind}`,
    `${beside}-${kind}`,
    undefined,
    atMost,
  ]);
}

function collectionsOf({ counters, manyHistograms, deltas: { many, touched }, peaks }) {
  const rows = [
    ['counter', counters, 15],
    ['histogram', manyHistograms, 4],
  ].flatMap(([kind, series, atLeast]) => {
    const of = `${series} ${kind}s`;
    return [
      [
        'P7',
        `collect of ${thousands(series)} ${kind}s vs host`,
        `sdk collect ${of}`,
        `ours collect ${of}`,
        atLeast,
      ],
      ['P7b', 'the same, with all points and attributes read', `sdk walk ${of}`, `ours walk ${of}`],
    ];
  });
  const delta = `collect of deltas, ${thousands(touched)} touched of ${thousands(many)} vs of ${thousands(touched)}`;
  const peak = `peak memory, ${thousands(peaks)} histograms scraped vs as many counters of the host`;
  return [
    ...rows,
    ['P11', peak, 'peakOfHistograms', 'peakOfHostCounters', undefined, 0.5],
    ['P12', delta, 'deltaOfMany', 'deltaOfAll', undefined, 3],
  ];
}

function scrapesOf({ counters, histograms, manyHistograms, firstScrape }) {
  const rows = [
    ['P8', 'counter', counters, { sdk: 60, 'prom-client': 25, client_golang: 5 }],
    ['P9', 'histogram', histograms, { sdk: 50, 'prom-client': 15 }],
    ...(manyHistograms === histograms
      ? []
      : [['P9', 'histogram', manyHistograms, { sdk: 50, 'prom-client': 15 }]]),
  ].flatMap(([id, kind, series, goals]) =>
    Object.entries({
      sdk: 'exporter-prometheus',
      'prom-client': 'prom-client',
      client_golang: 'client_golang',
    }).map(([who, title]) => {
      const of = `text ${series} ${kind}s`;
      const what = `scrape of ${thousands(series)} ${kind}s as text vs ${title}`;
      return [id, what, `${who} ${of}`, `ours ${of}`, goals[who]];
    }),
  );
  const http = [
    ['P8h', 'counter', counters],
    ['P9h', 'histogram', manyHistograms],
  ].flatMap(([id, kind, series]) =>
    [
      ['sdk', 'exporter-prometheus, both over HTTP'],
      ['prom-client', 'prom-client'],
    ].map(([who, title]) => {
      const of = `answer ${series} ${kind}s`;
      return [
        id,
        `${thousands(series)} ${kind}s as Prometheus asks for them vs ${title}`,
        `${who} ${of}`,
        `ours ${of}`,
      ];
    }),
  );
  const large = `${manyHistograms} histograms`;
  const protobuf = [
    'P15',
    `${thousands(manyHistograms)} histograms as protobuf vs as text, both with gzip over HTTP`,
    `ours protobuf ${large}`,
    `ours answer ${large}`,
    undefined,
    0.4,
  ];
  const first = `first scrape of ${thousands(firstScrape)} counters vs`;
  return [
    ...rows,
    ...http,
    protobuf,
    ['P16b', `${first} exporter-prometheus`, 'sdk first scrape', 'ours first scrape'],
    ['P16b', `${first} prom-client`, 'prom-client first scrape', 'ours first scrape'],
  ];
}

/** Figures by themselves: id, what, contestant, at most. */
export const microsecondsOf = () => [
  ['P13', 'emission of a counter, 3 templated labels, when', 'argoEmit', 2],
  ['P13e', 'the same, one label an expression', 'argoEmitExpression', 5],
  ['P13c', 'compile of one metric', 'argoCompile', 100],
];

const EXPORTER_MILLIS = 30;
const EXIT_MILLIS_MAX = EXPORTER_MILLIS + 50;

/** 2 µs for each new series. */
export const millisecondsOf = ({ firstScrape, ends, firstLook }) => [
  ['P16', `first scrape of ${thousands(firstScrape)} new series`, 'ours first scrape', firstScrape / 500],
  ['P16', 'its longest step of the event loop, without waits for a CPU', 'firstScrapeStep', 5],
  ['P16', 'the same by the clock', 'firstScrapeStepByClock'],
  ['P16c', 'control: the longest of steps that take 1 ms', 'firstScrapeControl'],
  [
    'P17',
    `end of a process, with an exporter that takes ${EXPORTER_MILLIS} ms`,
    'exitFlush',
    EXIT_MILLIS_MAX,
  ],
  ['P17o', 'the same with an observable', 'exitFlushObservable', EXIT_MILLIS_MAX],
  ['P17m', `the same with ${thousands(ends)} series, exported before`, 'exitFlushMany', EXIT_MILLIS_MAX],
  ['P17f', 'the same, never exported before', 'exitFlushFirst'],
  ...firstLooks(firstLook),
];

const FIRST_LOOK_MILLIS_MAX = 500;

/** Of fewer nodes most of it is what V8 has not compiled yet. */
function firstLooks(nodes) {
  const atMost = nodes === 100_000 ? FIRST_LOOK_MILLIS_MAX : undefined;
  const shapes = [
    ['P20', 'Tasks', `a workflow of ${thousands(nodes)} nodes, tasks of a DAG`],
    ['P20l', 'Loop', 'the same, steps of a loop'],
    ['P20r', 'Retries', 'the same, steps that are retried'],
    ['P20g', 'Gauges', 'the same, steps that set a gauge'],
  ];
  return shapes.flatMap(([id, shape, what]) => [
    [id, `first look at ${what}`, `firstLook${shape}`, id === 'P20g' ? undefined : atMost],
    [id, 'with its parsing, as in watch', `firstLookLate${shape}`],
    [id, 'JSON.parse of it', `firstLookParse${shape}`],
  ]);
}
