import { PassThrough, type Writable } from 'node:stream';
import { expect } from 'chai';
import type { Diagnostic } from '../../lib/argo/diagnostic/diagnostic.js';
import { WatchLog } from '../../lib/cli/watch-log.js';
import { recordingStream } from './recording-stream.js';

const MINUTE = 60_000;
const AT = '2026-11-23T04:00:00.000Z';

class Logged {
  now = 0;
  readonly #written: string[] = [];
  readonly log = logTo(recordingStream(this.#written), () => this.now);

  get lines(): string[] {
    return this.#written.join('').split('\n').filter(Boolean);
  }
}

function logTo(stderr: Writable, now?: () => number): WatchLog {
  return new WatchLog({ stderr, clock: { now: () => Date.parse(AT) } }, now);
}

const diagnostic: Diagnostic = {
  code: 'VALUE_INVALID',
  severity: 'error',
  metric: 'runs',
  path: 'spec.metrics',
  message: 'no number',
  hint: 'Write one.',
};

describe(WatchLog.name, () => {
  it('should say when, how bad, whose and what', () => {
    const logged = new Logged();
    logged.log.diagnostic('namespace argo: etl', diagnostic);
    logged.log.diagnostic('', { code: 'OBJECT_INVALID', severity: 'warning', path: '', message: 'm' });
    expect(logged.lines).to.deep.equal([
      `${AT} error namespace argo: etl: spec.metrics (runs): no number [VALUE_INVALID] Write one.`,
      `${AT} warning m [OBJECT_INVALID]`,
    ]);
  });

  it('should say one thing of a template once in five minutes, and then how often it came', () => {
    const logged = new Logged();
    for (const minute of [0, 1, 4.99, 5, 5.1, 11]) {
      logged.now = minute * MINUTE;
      logged.log.diagnostic('etl', { ...diagnostic, message: `at ${minute}` });
    }
    logged.log.diagnostic('other', diagnostic);
    logged.log.diagnostic('etl', { ...diagnostic, code: 'WHEN_INVALID' });
    expect(logged.lines.map(line => line.replace(/^.*runs\): /, ''))).to.deep.equal([
      'at 0 [VALUE_INVALID] Write one.',
      'at 5 [VALUE_INVALID] Write one. (2 more before)',
      'at 11 [VALUE_INVALID] Write one. (1 more before)',
      'no number [VALUE_INVALID] Write one.',
      'no number [WHEN_INVALID] Write one.',
    ]);
  });

  it('should say at the end what it left out', () => {
    const logged = new Logged();
    logged.log.finish();
    for (let times = 0; times < 4; times++) logged.log.diagnostic('etl', diagnostic);
    logged.log.finish();
    expect(logged.lines.slice(1)).to.deep.equal([
      `${AT} info 3 more messages like those before were left out`,
    ]);
  });

  it('should let nobody write a line of its own', () => {
    const logged = new Logged();
    logged.log.diagnostic('a\nb', { ...diagnostic, message: '\u001b[2J\u2028x' });
    expect(logged.lines).to.have.length(1);
    expect(logged.lines.join()).to.not.include('\u001b');
  });

  it('should not hold what nobody reads', () => {
    const stderr = new PassThrough();
    const log = logTo(stderr);
    for (let index = 0; index < 100; index++) log.say('info', 'x'.repeat(100_000));
    expect(stderr.writableLength + stderr.readableLength).to.be.within(100_000, 2_000_000);
  });
});
