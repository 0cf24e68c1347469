// Families as bytes, in each of the formats. Made while they are read, in chunks of 64 KiB or a little less that cut no line
// of text, unless one is longer than that.
import { TimeSlice } from '../../guard/time-slice.js';
import { ChunkOutput } from './chunk-output.js';
import type { Chunks } from './chunk-output.js';
import type { ExpositionFormat } from '../negotiation/exposition-format.js';
import { MessageWriter, messageBytesOf } from './message-writer.js';
import { familyHead } from '../rows/message-value.js';
import type { MessageKind } from '../rows/message-value.js';
import type { NamedFamily } from './named-families.js';
import { openMetricsFamilies } from '../names/openmetrics-families.js';
import { OPEN_METRICS_END, openMetricsLayout } from './openmetrics-layout.js';
import type { OpenMetricsName } from './openmetrics-layout.js';
import { COUNTER, GAUGE, HISTOGRAM } from '../rows/row-layout.js';
import { RowWriter } from './row-writer.js';
import { textLayout } from './text-layout.js';
import type { FamilyLayout } from './text-layout.js';

type Warn = (subject: string, message: string) => void;

/** What is written of a collection: the lines above series, and the series. */
type LaidOut = readonly [family: NamedFamily, layout: FamilyLayout];

const MESSAGE_KINDS: Readonly<Record<NamedFamily['type'], MessageKind>> = {
  counter: COUNTER,
  gauge: GAUGE,
  histogram: HISTOGRAM,
};

/** @param warn is told what a format has no place for */
export async function formatChunks(
  families: readonly NamedFamily[],
  format: ExpositionFormat,
  warn: Warn,
): Promise<Chunks> {
  if (format.kind === 'protobuf') return messages(families, await lengthsOf(families));
  if (format.kind === 'text') return lines(families.map(family => [family, textLayoutOf(family)]));
  return lines(laidOutForOpenMetrics(families, format, warn), OPEN_METRICS_END);
}

function* lines(families: readonly LaidOut[], end: Uint8Array = new Uint8Array(0)): Chunks {
  const output = new ChunkOutput();
  const writer = new RowWriter(output);
  for (const [{ sections }, layout] of families) {
    yield* output.bytes(layout.head);
    for (const section of sections) yield* writer.section(section, layout.templateOf(section.boundaries));
  }
  yield* output.bytes(end);
  yield* output.rest();
}

function textLayoutOf(family: NamedFamily): FamilyLayout {
  return family.memory.layoutOf('text', () => textLayout(family));
}

/** "An Info MetricFamily called "target" [...] SHOULD be first." */
function laidOutForOpenMetrics(
  families: readonly NamedFamily[],
  { created }: ExpositionFormat,
  warn: Warn,
): LaidOut[] {
  const others = families.filter(({ isTargetInfo }) => !isTargetInfo);
  // Where the name is taken, the resource stays the gauge that it is in Prometheus' text.
  const isInfo = !others.some(({ name }) => name === 'target');
  const taken = others.length === families.length ? [] : isInfo ? ['target', 'target_info'] : ['target_info'];
  const laidOut: LaidOut[] = [];
  for (const family of families)
    if (family.isTargetInfo) {
      const info = isInfo
        ? ({ name: 'target', type: 'info' } as const)
        : ({ name: family.name, type: 'gauge' } as const);
      laidOut.push([family, openMetricsLayoutOf(family, { ...info, unit: '' }, created)]);
    }
  for (const [index, named] of openMetricsFamilies(others, taken).entries()) {
    const family = others[index];
    if (family === undefined) continue;
    if (named !== undefined) laidOut.push([family, openMetricsLayoutOf(family, named, created)]);
    else
      warn(
        `openmetrics: ${family.name}`,
        `Not in answers in OpenMetrics: the ${family.type} "${family.name}", because a histogram may have a line of that name. ` +
          'Rename one of them, for example by a View.',
      );
  }
  return laidOut;
}

function openMetricsLayoutOf(
  { memory, help }: NamedFamily,
  named: OpenMetricsName,
  created: boolean,
): FamilyLayout {
  return memory.layoutOf(JSON.stringify([named, created]), () => openMetricsLayout(named, help, created));
}

/** How long the messages of each family are. */
async function lengthsOf(families: readonly NamedFamily[]): Promise<readonly number[]> {
  const slice = new TimeSlice();
  const lengths: number[] = [];
  for (const { type, sections } of families) {
    let length = 0;
    for (const section of sections) length += await messageBytesOf(section, MESSAGE_KINDS[type], slice);
    lengths.push(length);
  }
  return lengths;
}

function* messages(families: readonly NamedFamily[], lengths: readonly number[]): Chunks {
  const output = new ChunkOutput();
  const writer = new MessageWriter(output);
  for (const [index, family] of families.entries()) {
    const kind = MESSAGE_KINDS[family.type];
    yield* output.bytes(familyHead(family, kind, lengths[index] ?? 0));
    for (const section of family.sections) yield* writer.section(section, kind);
  }
  yield* output.rest();
}
