// A strict reader of the Prometheus text format 0.0.4, written from its description and not from our writer.
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

/** @throws Error with the line that breaks a rule of the format, or that says something a second time */
export function parsePrometheusText(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let help: { name: string; text: string } | undefined;
  let family: Family | undefined;
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of text.split('\n').slice(0, -1)) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`);
    };
    const comment = /^# (HELP|TYPE) (\S+) ?(.*)$/su.exec(line);
    if (comment?.[1] === 'HELP') {
      if (help !== undefined || families.has(comment[2] ?? ''))
        fail('a second HELP, or one that comes too late');
      help = { name: comment[2] ?? '', text: unescape(comment[3] ?? '', /\\(.)/gsu, fail) };
    } else if (comment?.[1] === 'TYPE') {
      const [, , name = '', type = ''] = comment;
      if (families.has(name)) fail('a second TYPE');
      if (!METRIC_NAME.test(name) || !/^(?:counter|gauge|histogram)$/.test(type)) fail('no TYPE');
      if (help !== undefined && help.name !== name) fail('HELP of another metric');
      family = { name, type, samples: [], ...(help !== undefined && { help: help.text }) };
      families.set(name, family);
      help = undefined;
    } else {
      const sample = parseSample(line, fail);
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

function parseSample(line: string, fail: (why: string) => never): Sample {
  const match = /^([^{\s]+)(?:\{(.*)\})? ([^ ]+)$/su.exec(line);
  const [, name = '', body = '', value = ''] = match ?? fail('no sample');
  if (!METRIC_NAME.test(name) || !NUMBER.test(value)) fail('no name or no number');
  const labels: Record<string, string> = {};
  let rest = body;
  while (rest !== '') {
    const [whole, key = '', text = ''] =
      /^([^=]+)="((?:[^"\\]|\\.)*)"(?:,|$)/su.exec(rest) ?? fail('no label');
    if (!LABEL_NAME.test(key) || Object.hasOwn(labels, key)) fail(`the label ${key}`);
    labels[key] = unescape(text, /\\(.)/gsu, fail);
    rest = rest.slice(whole.length);
  }
  return { name, labels, value: value.endsWith('Inf') ? Number(`${value}inity`) : Number(value) };
}

function unescape(text: string, pattern: RegExp, fail: (why: string) => never): string {
  return text.replaceAll(pattern, (_, character: string) =>
    character === 'n' ? '\n' : character === '\\' || character === '"' ? character : fail('no escape'),
  );
}
