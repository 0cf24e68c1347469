import { expect } from 'chai';
import { ProgressLine } from '../../lib/cli/progress-line.js';
import { recordingStream } from './recording-stream.js';

describe('ProgressLine', () => {
  const CLEAR = '\r\x1b[2K';
  let written: string[];
  let now: number;
  const lineOn = (isTTY: boolean): ProgressLine =>
    new ProgressLine({
      stderr: Object.assign(recordingStream(written), { isTTY }),
      clock: { now: () => now },
    });
  beforeEach(() => {
    written = [];
    now = 1000;
  });

  it('should write over itself, at most every 100 ms', () => {
    const line = lineOn(true);
    for (; now < 1250; now += 10) line.show(() => `at ${now}`);
    expect(written).to.deep.equal([`${CLEAR}at 1000`, `${CLEAR}at 1100`, `${CLEAR}at 1200`]);
  });

  it('should make no text that nobody sees', () => {
    const line = lineOn(false);
    line.show(() => {
      throw new Error('made a text');
    });
    line.clear();
    line.print('stays');
    expect(written).to.deep.equal(['stays\n']);
  });

  it('should make room for what stays', () => {
    const line = lineOn(true);
    line.show(() => '1 event');
    line.print('stays');
    line.print('stays too');
    line.clear();
    expect(written).to.deep.equal([`${CLEAR}1 event`, CLEAR, 'stays\n', 'stays too\n']);
  });

  it('should go on when the clock was set back', () => {
    const line = lineOn(true);
    line.show(() => 'one');
    now = 10;
    line.show(() => 'two');
    expect(written).to.have.length(2);
  });
});
