// What one series of a metric looks like in a format of text: which lines, and what stands in them around labels and
// number. Made once for a metric and its boundaries.
import { LINE_CUMULATIVE, LINE_SIZE, TEMPLATE, TEMPLATE_BYTES } from '../rows/row-layout.js';

export interface TemplateLine {
  /** Before the labels: `name{`. */
  readonly head: string;
  /** Between the labels and the number: `} `, or `,le="1"} `. */
  readonly tail: string;
  /** In the place of all three when there are no labels: `name `. */
  readonly bare: string;
  /** Which of the row's numbers; behind the last one stands the start in seconds. */
  readonly column: number;
  /** Added to those of the cumulative lines before. */
  readonly isCumulative: boolean;
}

export interface EncodedLine {
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly bare: Buffer;
  readonly column: number;
  readonly isCumulative: boolean;
}

export class RowTemplate {
  readonly lines: readonly EncodedLine[];
  /** The start is one of the numbers. */
  readonly hasStart: boolean;
  /** As the kernel reads it, at its place; undefined when it has no room there. */
  readonly image: Buffer | undefined;
  /** Of all lines together, without labels and numbers. */
  readonly fixedBytes: number;

  constructor(lines: readonly TemplateLine[], hasStart = false) {
    const encode = textEncoder();
    this.lines = lines.map(({ head, tail, bare, column, isCumulative }) => ({
      head: encode(head),
      tail: encode(tail),
      bare: encode(bare),
      column,
      isCumulative,
    }));
    this.hasStart = hasStart;
    this.fixedBytes = this.lines.reduce((sum, { head, tail }) => sum + head.length + tail.length, 0);
    this.image = imageOf(this.lines);
  }
}

/** Equal texts, as the heads of all buckets are, become one. */
function textEncoder(): (text: string) => Buffer {
  const known = new Map<string, Buffer>();
  return text => {
    const bytes = known.get(text) ?? Buffer.from(text, 'utf8');
    known.set(text, bytes);
    return bytes;
  };
}

function imageOf(lines: readonly EncodedLine[]): Buffer | undefined {
  const begins = new Map<Buffer, number>();
  let end = lines.length * LINE_SIZE;
  for (const { head, bare, tail } of lines)
    for (const text of [head, bare, tail]) {
      if (begins.has(text)) continue;
      begins.set(text, end);
      end += text.length;
    }
  if (end > TEMPLATE_BYTES) return undefined;
  const image = Buffer.alloc(end);
  for (const [text, begin] of begins) image.set(text, begin);
  lines.forEach(({ head, bare, tail, column, isCumulative }, index) => {
    let at = index * LINE_SIZE;
    for (const text of [head, bare, tail]) {
      at = image.writeUInt32LE(TEMPLATE + (begins.get(text) ?? 0), at);
      at = image.writeUInt32LE(text.length, at);
    }
    image.writeUInt32LE(column, at);
    image.writeUInt32LE(isCumulative ? 1 : 0, index * LINE_SIZE + LINE_CUMULATIVE);
  });
  return image;
}
