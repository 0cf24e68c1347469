import { PassThrough, type Writable } from 'node:stream';
import { expect } from 'chai';
import type { Diagnostic } from '../../lib/argo/diagnostic/diagnostic.js';
import type { WatchConfig } from '../../lib/cli/watch-config.js';
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

function logTo(
  stderr: Writable & { isTTY?: boolean },
  now?: () => number,
  config: WatchConfig['log'] = { format: 'text', level: 'info' },
): WatchLog {
  return new WatchLog({ stderr, clock: { now: () => Date.parse(AT) } }, config, now);
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

  it('should say nothing that is less bad than asked for', () => {
    const saidAt = (level: WatchConfig['log']['level']): string[] => {
      const written: string[] = [];
      const log = logTo(recordingStream(written), undefined, { format: 'text', level });
      for (const each of ['info', 'warning', 'error'] as const) log.say(each, 'x');
      return written.map(line => line.split(' ')[1] ?? '');
    };
    for (const level of ['all', 'verbose', 'debug', 'info'] as const)
      expect(saidAt(level), level).to.deep.equal(['info', 'warning', 'error']);
    expect([saidAt('warn'), saidAt('error'), saidAt('none')]).to.deep.equal([
      ['warning', 'error'],
      ['error'],
      [],
    ]);
  });

  it('should write JSON where nobody looks, unless it is told how', () => {
    const lineTo = (isTTY: boolean, format: WatchConfig['log']['format']): string => {
      const written: string[] = [];
      const stderr = Object.assign(recordingStream(written), { isTTY });
      logTo(stderr, undefined, { format, level: 'info' }).say('error', 'a "b"\n');
      return written.join('');
    };
    const json = `{"time":"${AT}","level":"error","message":"a \\"b\\"\\\\n"}\n`;
    expect(lineTo(false, undefined)).to.equal(json);
    expect(lineTo(true, 'json')).to.equal(json);
    expect(JSON.parse(json)).to.deep.equal({ time: AT, level: 'error', message: 'a "b"\\n' });
    expect(lineTo(true, undefined)).to.equal(`${AT} error a "b"\\n\n`);
    expect(lineTo(false, 'text')).to.equal(`${AT} error a "b"\\n\n`);
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
