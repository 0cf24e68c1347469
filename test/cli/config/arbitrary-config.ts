// Random configurations, as a file has them: good ones, and such with one thing in them that may be wrong.
import fc from 'fast-check';

const name = fc.stringMatching(/^[a-z0-9](?:[-a-z0-9]{0,10}[a-z0-9])?$/);
const path = fc.stringMatching(/^[ -~]{1,20}$/);
const labelText = fc.string({ unit: 'grapheme', maxLength: 10 });
const duration = fc.constantFrom('75s', '1m', '0.5s', '1m30s', '250ms', '1h');
const size = fc.constantFrom('16Mi', '64Mi', '20M', '100000Ki', 2 ** 25);

function partOf<Model extends Record<string, fc.Arbitrary<unknown>>>(model: Model): fc.Arbitrary<object> {
  return fc.record(model, { requiredKeys: [], noNullPrototype: true });
}

const policy = fc.oneof(
  fc.constant({ drop: true }),
  fc.record(
    {
      allow: fc.array(fc.oneof(labelText, fc.constantFrom({ pattern: '^a' }, { pattern: '\\d' })), {
        minLength: 1,
        maxLength: 4,
      }),
      maxValues: fc.integer({ min: 1, max: 10_000 }),
      overflowValue: labelText.filter(text => text !== ''),
    },
    { requiredKeys: ['allow'], noNullPrototype: true },
  ),
  fc.record({ maxValues: fc.integer({ min: 1, max: 10_000 }) }, { noNullPrototype: true }),
);

const view = fc.record(
  {
    limit: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    seriesTtl: duration,
    dryRun: fc.boolean(),
    labels: fc.dictionary(
      labelText.filter(text => text !== ''),
      policy,
      { minKeys: 1, maxKeys: 3, noNullPrototype: true },
    ),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** Of different names, so that no two match one metric. */
const views = fc
  .array(view, { maxLength: 3 })
  .map(list => list.map((each, index) => ({ instrumentName: `argo_workflows_${index}_x`, ...each })));

const metricsConfig = fc.oneof(
  path,
  fc.record({ configMap: fc.tuple(name, name).map(parts => parts.join('/')) }, { noNullPrototype: true }),
  partOf({
    metricsTTL: fc.constantFrom('10m', '2d'),
    modifiers: fc.dictionary(
      labelText,
      partOf({ disabled: fc.boolean(), disabledAttributes: fc.array(labelText, { maxLength: 3 }) }),
      { maxKeys: 3, noNullPrototype: true },
    ),
  }),
);

export const arbitraryConfig = partOf({
  namespaces: fc.oneof(fc.constant('all'), fc.uniqueArray(name, { minLength: 1, maxLength: 5 })),
  instanceId: name,
  state: partOf({ whenLost: fc.constantFrom('baseline', 'count', 'refuse') }),
  endpoint: partOf({
    host: fc.constantFrom('localhost', '::1', '0.0.0.0', 'a-b.c'),
    port: fc.integer({ min: 0, max: 65_535 }),
    zeroFor: fc.oneof(duration, fc.constant(0)),
  }),
  otlp: partOf({
    enabled: fc.boolean(),
    protocol: fc.constantFrom('http/protobuf', 'grpc', 'http/json'),
    interval: fc.constantFrom('75s', '1m', '0.5s', '1m30s', '250ms', '30m'),
  }),
  metricsConfig,
  limits: partOf({
    cardinalityLimit: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    maxBytes: size,
    objectBytes: size,
    finishedKept: fc.integer({ min: 1000, max: 10_000_000 }),
    pageSize: fc.integer({ min: 10, max: 500 }),
  }),
  log: partOf({ format: fc.constantFrom('text', 'json'), level: fc.constantFrom('none', 'warn', 'debug') }),
  views,
});

/** What may stand anywhere by mistake. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1,
    10,
    1e9,
    1.5,
    '',
    'all',
    'text',
    '1h',
    '999h',
    '1Ki',
    '9Ti',
    [],
    {},
  ),
  fc.constantFrom<unknown>(['a'], ['a', 'a'], { pattern: '(' }, { drop: true }, [{ instrumentName: 'a*' }]),
  fc.constantFrom<unknown>([{ instrumentName: 'a*' }, { instrumentName: 'ab' }], '**', 'x'.repeat(300)),
);
const keys = fc.constantFrom(
  ...['unknown', 'port', 'level', 'drop', 'maxValues', 'pageSize', 'zeroFor', 'pattern', 'views', 'limit'],
);

type Holder = Record<string | number, unknown>;

/** All mappings and lists in a value that are ours: what is in `metricsConfig` a schema does not know. */
function holdersIn(value: unknown): Holder[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Holder;
  const inner = Object.entries(holder).filter(([key]) => key !== 'metricsConfig');
  return [holder, ...inner.flatMap(([, each]) => holdersIn(each))];
}

/** One value replaced, or one key added. */
export const spoiledConfig = fc
  .tuple(
    arbitraryConfig,
    fc.nat(),
    fc.nat(),
    anything,
    fc.oneof({ arbitrary: keys, weight: 1 }, { arbitrary: fc.constant(undefined), weight: 3 }),
  )
  .map(([config, at, which, wrong, added]) => {
    const copy = structuredClone(config);
    const holders = holdersIn(copy);
    const holder = holders[at % holders.length] ?? {};
    const present = Object.keys(holder);
    const key = added ?? present[which % Math.max(present.length, 1)] ?? 'unknown';
    if (Array.isArray(holder)) holder[which % (holder.length + 1)] = wrong;
    else holder[key] = wrong;
    return copy;
  });
