// A strict reader of the Prometheus text formats 0.0.4 and 1.0.0, written from their description and not from our writer.
// https://prometheus.io/docs/instrumenting/exposition_formats/

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help?: string;
  readonly samples: Sample[];
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]?Inf)$/;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = { histogram: ['_bucket', '_sum', '_count'] };

interface Options {
  /** Version 1.0.0: what is not of the old alphabet is quoted. */
  readonly utf8Names?: boolean;
}

/** @throws Error with the line that breaks a rule of the format, or that says something a second time */
export function parsePrometheusText(text: string, { utf8Names = false }: Options = {}): Map<string, Family> {
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let help: { name: string; text: string } | undefined;
  let family: Family | undefined;
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of text.split('\n').slice(0, -1)) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`);
    };
    const comment = /^# (HELP|TYPE) ("(?:[^"\\]|\\.)*"|\S+) ?(.*)$/su.exec(line);
    if (comment !== null) comment[2] = nameOf(comment[2] ?? '', METRIC_NAME, utf8Names, fail);
    if (comment?.[1] === 'HELP') {
      if (help !== undefined || families.has(comment[2] ?? ''))
        fail('a second HELP, or one that comes too late');
      help = { name: comment[2] ?? '', text: unescape(comment[3] ?? '', /\\(.)/gsu, fail) };
    } else if (comment?.[1] === 'TYPE') {
      const [, , name = '', type = ''] = comment;
      if (families.has(name)) fail('a second TYPE');
      if (!/^(?:counter|gauge|histogram)$/.test(type)) fail('no TYPE');
      if (help !== undefined && help.name !== name) fail('HELP of another metric');
      family = { name, type, samples: [], ...(help !== undefined && { help: help.text }) };
      families.set(name, family);
      help = undefined;
    } else {
      const sample = parseSample(line, utf8Names, fail);
      const names = (SUFFIXES[family?.type ?? ''] ?? ['']).map(suffix => `${family?.name}${suffix}`);
      if (family === undefined || !names.includes(sample.name)) fail('not a sample of the metric above');
      const identity = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (seen.has(identity)) fail('the same series again');
      seen.add(identity);
      family?.samples.push(sample);
    }
  }
  return families;
}

function parseSample(line: string, utf8Names: boolean, fail: (why: string) => never): Sample {
  const match = /^([^{\s]*)(?:\{(.*)\})? ([^ ]+)$/su.exec(line);
  const [, outside = '', body = '', value = ''] = match ?? fail('no sample');
  if (!NUMBER.test(value)) fail('no number');
  let rest = body;
  let written = outside;
  if (written === '') {
    const [whole, quoted] = /^("(?:[^"\\]|\\.)*")(?:,|$)/su.exec(rest) ?? fail('no name');
    written = quoted ?? '';
    rest = rest.slice(whole.length);
  }
  const labels: Record<string, string> = {};
  while (rest !== '') {
    const [whole, key = '', text = ''] =
      /^([^="]+|"(?:[^"\\]|\\.)*")="((?:[^"\\]|\\.)*)"(?:,|$)/su.exec(rest) ?? fail('no label');
    const label = nameOf(key, LABEL_NAME, utf8Names, fail);
    if (Object.hasOwn(labels, label)) fail(`the label ${label}`);
    Object.defineProperty(labels, label, { value: unescape(text, /\\(.)/gsu, fail), enumerable: true });
    rest = rest.slice(whole.length);
  }
  return {
    name: nameOf(written, METRIC_NAME, utf8Names, fail),
    labels,
    value: value.endsWith('Inf') ? Number(`${value}inity`) : Number(value),
  };
}

/** A name is quoted where it has to be, and only there. */
function nameOf(written: string, plain: RegExp, utf8Names: boolean, fail: (why: string) => never): string {
  if (!written.startsWith('"')) return plain.test(written) ? written : fail(`the name ${written}`);
  const name = unescape(written.slice(1, -1), /\\(.)/gsu, fail);
  // Prometheus' lexer takes a NUL in values and texts only.
  return utf8Names && name !== '' && !plain.test(name) && !name.includes('\0')
    ? name
    : fail(`the quoted name ${written}`);
}

function unescape(text: string, pattern: RegExp, fail: (why: string) => never): string {
  return text.replaceAll(pattern, (_, character: string) =>
    character === 'n' ? '\n' : character === '\\' || character === '"' ? character : fail('no escape'),
  );
}
