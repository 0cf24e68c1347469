import { parseAccept } from './accept.js';
import type { MediaRange } from './accept.js';
import { TEXT_FORMAT, UTF8_TEXT_FORMAT, openMetricsFormat, protobufFormat } from './exposition-format.js';
import type { ExpositionFormat } from './exposition-format.js';

/** What the answer depends on, beside the path. */
export const VARY = 'Accept, Accept-Encoding';

/** Which formats are offered, beside text. */
export interface OfferedFormats {
  /** OpenMetrics is given to who ranks it before text; `'created'`: with `_created` lines. Otherwise only to who refuses text. */
  readonly openMetrics: boolean | 'created';
  readonly protobuf: boolean;
}

/** Where nothing is said. */
export const OFFERED: OfferedFormats = { openMetrics: false, protobuf: true };

/** Something that can be answered, and which media ranges mean it. */
interface Candidate {
  readonly kind: ExpositionFormat['kind'];
  readonly type: string;
  /** A range with other values of these means something else; one without them means this too. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Who wants it has to say them all. */
  readonly isExplicit?: boolean;
}

/** Of two that a client wants equally, by one range of it, the first is taken. */
const CANDIDATES: readonly Candidate[] = [
  { kind: 'text', type: 'text/plain', parameters: { version: '0.0.4' } },
  { kind: 'text', type: 'text/plain', parameters: { version: '1.0.0' } },
  { kind: 'openmetrics', type: 'application/openmetrics-text', parameters: { version: '1.0.0' } },
  { kind: 'openmetrics', type: 'application/openmetrics-text', parameters: { version: '0.0.1' } },
  {
    kind: 'protobuf',
    type: 'application/vnd.google.protobuf',
    parameters: { proto: 'io.prometheus.client.MetricFamily', encoding: 'delimited' },
    isExplicit: true,
  },
];

interface Wanted {
  readonly candidate: Candidate;
  readonly range: MediaRange;
  readonly position: number;
}

/**
 * Chooses the format of an answer by the client's `Accept`. Protobuf, if that is the client's first choice. OpenMetrics, if the
 * client ranks it before text and it is offered, or if the client refuses text. Text otherwise, and where nothing would be
 * acceptable: "the server can [...] disregard the header field".
 *
 * Names are written in UTF-8 for who says `escaping=allow-utf-8` with what it is given, or is given protobuf and says so of
 * text; and only if there is a name that needs it.
 *
 * Why text comes before OpenMetrics, which every Prometheus ranks first: there, bounds of buckets are written as `le="1.0"`, and
 * for a Prometheus 2 these are other series than `le="1"`.
 *
 * @see https://prometheus.io/docs/instrumenting/content_negotiation/
 */
export function negotiateFormat(
  accept: string | undefined,
  offered: OfferedFormats,
  needsUtf8Names: boolean,
): ExpositionFormat {
  const ranges = parseAccept(accept ?? '');
  const wanted = wantedBy(ranges).filter(
    ({ candidate }) => candidate.kind !== 'protobuf' || offered.protobuf,
  );
  const [first] = wanted;
  const firstOf = (...kinds: string[]): Wanted | undefined =>
    wanted.find(({ candidate }) => kinds.includes(candidate.kind));
  const text = offered.openMetrics === false ? firstOf('text') : firstOf('text', 'openmetrics');
  const chosen = first?.candidate.kind === 'protobuf' ? first : (text ?? firstOf('openmetrics') ?? first);
  if (chosen === undefined) return TEXT_FORMAT;
  // Prometheus has no such parameter with protobuf, where names need no quotes, and reads there what it says that it reads in text.
  if (chosen.candidate.kind === 'protobuf')
    return protobufFormat(needsUtf8Names && ranges.some(readsUtf8Names));
  return textFormatOf(chosen, offered, needsUtf8Names);
}

function readsUtf8Names({ quality, parameters }: MediaRange): boolean {
  return quality > 0 && parameters.get('escaping') === 'allow-utf-8';
}

function textFormatOf(
  { candidate, range }: Wanted,
  { openMetrics }: OfferedFormats,
  needsUtf8Names: boolean,
): ExpositionFormat {
  const utf8Names = needsUtf8Names && range.type === candidate.type && readsUtf8Names(range);
  if (candidate.kind === 'openmetrics')
    return openMetricsFormat(
      candidate.parameters['version'] === '0.0.1' ? '0.0.1' : '1.0.0',
      utf8Names,
      openMetrics === 'created',
      range.parameters.has('escaping'),
    );
  // Who names 0.0.4 gets that: a parser of it refuses quoted names.
  return utf8Names && range.parameters.get('version') !== '0.0.4' ? UTF8_TEXT_FORMAT : TEXT_FORMAT;
}

/** What a client accepts, what it likes best first. "The most specific reference has precedence." */
function wantedBy(ranges: readonly MediaRange[]): Wanted[] {
  return CANDIDATES.flatMap((candidate): Wanted[] => {
    let best: (Wanted & { readonly precedence: number }) | undefined;
    for (const [position, range] of ranges.entries()) {
      const precedence = precedenceOf(range, candidate);
      if (precedence < 0) continue;
      const isBetter =
        best === undefined ||
        precedence > best.precedence ||
        (precedence === best.precedence && range.quality > best.range.quality);
      if (isBetter) best = { candidate, range, position, precedence };
    }
    return best === undefined || best.range.quality === 0 ? [] : [best];
  }).sort((a, b) => b.range.quality - a.range.quality || a.position - b.position);
}

/** How exactly a range means a candidate; negative when it does not. */
function precedenceOf(range: MediaRange, { type, parameters, isExplicit = false }: Candidate): number {
  const mustSay = isExplicit && range.quality > 0;
  if (range.type === '*/*') return mustSay ? -1 : 0;
  if (range.type === `${type.split('/')[0]}/*`) return mustSay ? -1 : 1;
  if (range.type !== type) return -1;
  let matching = 0;
  for (const [name, value] of Object.entries(parameters)) {
    const given = range.parameters.get(name);
    if (given === undefined ? mustSay : given !== value) return -1;
    if (given !== undefined) matching++;
  }
  return 2 + matching;
}
