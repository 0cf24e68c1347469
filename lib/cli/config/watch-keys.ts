// Every key of the configuration of `watch`, once: who checks a file, a flag or a variable reads this table, and so does who
// makes the JSON schema, prints a configuration, and writes docs/watch-config.md.
import { FINISHED_MAX } from '../../argo/observe/workflow-observer.js';
import { CARDINALITY_LIMIT_DEFAULT, CARDINALITY_LIMIT_MAX, MEBIBYTE, STORE_BYTES_MAX } from '../../limits.js';
import { OTLP_PROTOCOLS } from '../../register/exporter-packages.js';
import { ZERO_START_MILLIS_MAX } from '../../store/collect/zero-start.js';
import { list, oneOf } from './composite-types.js';
import { BOOLEAN, text, whole, word, type ConfigType, type ValueOf } from './config-type.js';
import { METRICS_CONFIG } from './metrics-config-type.js';
import { duration, size } from './quantity-types.js';
import { VIEWS } from './views-type.js';

/** A variable of the environment that a key is read from. */
export interface Variable {
  readonly name: string;
  /** What a file would have for its text, where that is not what the type makes of texts. Undefined: it cannot be understood. */
  readonly fromText?: (text: string) => unknown;
  /** What the text must be, where it is read in another way. */
  readonly expected?: string;
}

export interface WatchKey<Value> {
  readonly type: ConfigType<Value>;
  /** As a file would have it. Absent: the key may have no value. */
  readonly fallback?: unknown;
  /** What happens then. */
  readonly without?: string;
  readonly description: string;
  /** Without the hyphens. */
  readonly flag?: string;
  /** The first of them that is set counts. */
  readonly variables: readonly Variable[];
}

interface OptionalKey<Value> extends WatchKey<Value> {
  readonly without: string;
}

type Row<Value> = Omit<WatchKey<Value>, 'variables'> & Partial<Pick<WatchKey<Value>, 'variables'>>;

function key<Value>(row: Row<Value> & { readonly fallback: unknown }): Omit<WatchKey<Value>, 'without'> {
  return { variables: [], ...row };
}

/** One that may have no value. */
function optional<Value>(row: Row<Value> & { readonly without: string }): OptionalKey<Value> {
  return { variables: [], ...row };
}

const own = (name: string): readonly Variable[] => [{ name: `${OWN_PREFIX}${name}` }];

/** What is wrong in a variable of this prefix is an error; others belong to OpenTelemetry, and who set them may mean somebody else. */
export const OWN_PREFIX = 'OTEL_ARGO_METRICS_';

const NAMESPACES_MAX = 50;
const PATH_LENGTH_MAX = 4096;
/** At the most, a new series is shown as 0 for one and a quarter of it: less than the store has. */
const [INTERVAL_MILLIS_MIN, INTERVAL_MILLIS_MAX] = [100, 30 * 60_000];

/** As Kubernetes has names of namespaces, and values of labels. */
const NAMESPACE = text({
  expected: 'the name of a namespace: lower case letters, digits and -',
  lengthMax: 63,
  pattern: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/,
});
const INSTANCE_ID = text({
  expected: 'a text of letters, digits, -, _ and . that begins and ends with a letter or a digit',
  lengthMax: 63,
  pattern: /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
});
const NAMESPACES = oneOf(
  `all, or a list of 1 to ${NAMESPACES_MAX} names`,
  {
    type: list(NAMESPACE, { noun: 'names', min: 1, max: NAMESPACES_MAX, isUnique: true }),
    takes: Array.isArray,
    has: Array.isArray,
  },
  { type: word('all'), takes: given => given === 'all', has: value => value === 'all' },
);

const EXPORTERS = ['prometheus', 'otlp', 'none'];

/** A list of exporters: the endpoint is there anyway, so of them only OTLP makes a difference. */
function hasOtlp(text: string): unknown {
  const names = text.split(',').map(name => name.trim().toLowerCase());
  return names.every(name => EXPORTERS.includes(name)) ? names.includes('otlp') : undefined;
}

/** What each group of keys is about. */
export const WATCH_GROUPS: Readonly<Record<string, string>> = {
  state: 'What is kept from one start to the next.',
  endpoint: 'Where Prometheus scrapes.',
  otlp: 'Sending to an OpenTelemetry Collector as well.',
  limits: 'What bounds memory, and the pages that are asked for.',
  log: 'What is said, on the standard error.',
};

export const WATCH_KEYS = {
  namespaces: key({
    type: NAMESPACES,
    fallback: 'all',
    description: 'The namespaces whose Workflows are watched; each is a list and a watch of its own.',
    flag: 'namespace',
    variables: [{ name: `${OWN_PREFIX}NAMESPACES`, fromText: namespacesOf }],
  }),
  instanceId: optional({
    type: INSTANCE_ID,
    without: 'Workflows that name no controller',
    description: 'The instanceID of the controller whose Workflows are watched.',
    flag: 'instance-id',
    variables: own('INSTANCE_ID'),
  }),
  'state.dir': optional({
    type: text({ expected: 'a path', lengthMax: PATH_LENGTH_MAX, pattern: /^[^\0]*$/ }),
    without: 'nothing is kept',
    description:
      'The folder in which counts are kept, so that they go on after a restart. For all namespaces, or one.',
    flag: 'state',
    variables: own('STATE_DIR'),
  }),
  'state.whenLost': key({
    type: word('baseline', 'count', 'refuse'),
    fallback: 'baseline',
    description:
      'Without a state that can be read: baseline takes what has finished as counted, count counts all that is there, refuse ends with 1.',
    variables: own('STATE_WHEN_LOST'),
  }),
  'endpoint.host': key({
    type: text({
      expected: 'a host name or an address',
      lengthMax: 253,
      pattern: /^[A-Za-z0-9._:%-]+$/,
    }),
    fallback: '0.0.0.0',
    description: 'The address that is listened at.',
    flag: 'listen',
    variables: [{ name: 'OTEL_EXPORTER_PROMETHEUS_HOST' }],
  }),
  'endpoint.port': key({
    type: whole(0, 65_535),
    fallback: 9464,
    description: 'Its port; 0: any that is free.',
    flag: 'listen',
    variables: [{ name: 'OTEL_EXPORTER_PROMETHEUS_PORT' }],
  }),
  'endpoint.zeroFor': key({
    type: duration(0, ZERO_START_MILLIS_MAX),
    fallback: '75s',
    description:
      'How long a new series that counts is shown as 0, so that Prometheus sees its first value as an increase; 0: not at all. At least a scrape interval and 15 s.',
    variables: own('ENDPOINT_ZERO_FOR'),
  }),
  'otlp.enabled': key({
    type: BOOLEAN,
    fallback: false,
    description:
      "Whether metrics are sent by OpenTelemetry's exporter, too, which has to be installed. It reads OTEL_EXPORTER_OTLP_ENDPOINT and its other variables itself.",
    variables: [`${OWN_PREFIX}EXPORTER`, 'OTEL_METRICS_EXPORTER'].map(name => ({
      ...{ name, fromText: hasOtlp },
      expected: `a list of ${EXPORTERS.join(', ')}`,
    })),
  }),
  'otlp.protocol': key({
    type: word(...OTLP_PROTOCOLS),
    fallback: 'http/protobuf',
    description: 'How they are sent; each is a package of its own.',
    variables: ['OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'].map(name => ({
      ...{ name, fromText: (text: string) => text.toLowerCase() },
    })),
  }),
  'otlp.interval': key({
    type: duration(INTERVAL_MILLIS_MIN, INTERVAL_MILLIS_MAX),
    fallback: '1m',
    description: 'How often they are sent. The variable is in milliseconds.',
    variables: [
      {
        name: 'OTEL_METRIC_EXPORT_INTERVAL',
        fromText: text => (/^\d{1,12}$/.test(text) ? `${text}ms` : undefined),
        expected: `a whole number of milliseconds from ${INTERVAL_MILLIS_MIN} to ${INTERVAL_MILLIS_MAX}`,
      },
    ],
  }),
  metricsConfig: optional({
    type: METRICS_CONFIG,
    without: 'metrics as declared',
    description: "Argo's metricsConfig.",
    flag: 'metrics-config',
    variables: own('METRICS_CONFIG'),
  }),
  'limits.cardinalityLimit': key({
    type: whole(1, CARDINALITY_LIMIT_MAX),
    fallback: CARDINALITY_LIMIT_DEFAULT,
    description: 'Series of each metric; others go to one overflow series.',
    variables: own('LIMITS_CARDINALITY_LIMIT'),
  }),
  'limits.maxBytes': key({
    type: size(16 * MEBIBYTE, STORE_BYTES_MAX),
    fallback: '256Mi',
    description: 'Memory of all series together. It is address space: what no series needs is not used.',
    variables: own('LIMITS_MAX_BYTES'),
  }),
  'limits.objectBytes': key({
    type: size(MEBIBYTE, 256 * MEBIBYTE),
    fallback: '16Mi',
    description: 'A Workflow of more bytes is left out, and said.',
    variables: own('LIMITS_OBJECT_BYTES'),
  }),
  'limits.finishedKept': key({
    type: whole(1000, 10_000_000),
    fallback: FINISHED_MAX,
    description:
      'Finished Workflows of which is known what was counted; 300 bytes each. Of more, those that ended first are forgotten, and counted no more.',
    variables: own('LIMITS_FINISHED_KEPT'),
  }),
  'limits.pageSize': key({
    type: whole(10, 500),
    fallback: 100,
    description: 'Workflows of one page of a list.',
    variables: own('LIMITS_PAGE_SIZE'),
  }),
  'log.format': optional({
    type: word('text', 'json'),
    without: 'text on a terminal, else json',
    description: 'How a line is written.',
    variables: own('LOG_FORMAT'),
  }),
  'log.level': key({
    type: word('none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'),
    fallback: 'info',
    description: "What is said, in the words of OpenTelemetry's variable.",
    variables: [{ name: 'OTEL_LOG_LEVEL', fromText: text => text.toLowerCase() }],
  }),
  views: key({
    type: VIEWS,
    fallback: [],
    description: 'Limits and policies of labels, one View for each metric or pattern of names.',
  }),
} as const;

function namespacesOf(text: string): unknown {
  return text === 'all' ? text : [...new Set(text.split(',').map(name => name.trim()))];
}

export type WatchKeyPath = keyof typeof WATCH_KEYS;
export type WatchValues = {
  readonly [Path in WatchKeyPath]:
    | ValueOf<(typeof WATCH_KEYS)[Path]['type']>
    | ((typeof WATCH_KEYS)[Path] extends OptionalKey<unknown> ? undefined : never);
};

export const WATCH_KEY_PATHS = Object.keys(WATCH_KEYS) as WatchKeyPath[];

/** For who needs no types. */
export function watchKey(path: WatchKeyPath): WatchKey<unknown> {
  return WATCH_KEYS[path];
}
