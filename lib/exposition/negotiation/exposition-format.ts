/** How a collection is written. */
export interface ExpositionFormat {
  readonly kind: 'text' | 'openmetrics' | 'protobuf';
  /** Names and label keys of OpenTelemetry are written as they are, and not translated into the old alphabet. */
  readonly utf8Names: boolean;
  /** Counters and histograms tell since when they count. */
  readonly created: boolean;
  /** What the answer is declared as. */
  readonly contentType: string;
}

const ALLOW_UTF8 = '; escaping=allow-utf-8';
const UNDERSCORES = '; escaping=underscores';
const PROTOBUF =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

/** Prometheus text 0.0.4: what everybody reads. */
export const TEXT_FORMAT: ExpositionFormat = {
  kind: 'text',
  utf8Names: false,
  created: false,
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
};

/** Prometheus text 1.0.0, which differs in quoted names only. */
export const UTF8_TEXT_FORMAT: ExpositionFormat = {
  kind: 'text',
  utf8Names: true,
  created: false,
  contentType: `text/plain; version=1.0.0; charset=utf-8${ALLOW_UTF8}`,
};

/**
 * @param version 0.0.1 is the draft's; nothing that is written here differs between the two
 * @param tellsEscaping how names are written is said also where it is as always, for who mentioned it
 */
export function openMetricsFormat(
  version: '1.0.0' | '0.0.1',
  utf8Names: boolean,
  created: boolean,
  tellsEscaping = utf8Names,
): ExpositionFormat {
  const escaping = utf8Names ? ALLOW_UTF8 : tellsEscaping ? UNDERSCORES : '';
  const contentType = `application/openmetrics-text; version=${version}; charset=utf-8${escaping}`;
  return { kind: 'openmetrics', utf8Names, created, contentType };
}

/** Prometheus' own messages, each with its length before it. They have a field for since when, which costs next to nothing. */
export function protobufFormat(utf8Names: boolean): ExpositionFormat {
  return {
    kind: 'protobuf',
    utf8Names,
    created: true,
    contentType: `${PROTOBUF}${utf8Names ? ALLOW_UTF8 : ''}`,
  };
}
