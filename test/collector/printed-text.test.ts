// What a whole process prints at its end is in start-collector-thread.test.ts. Here: outputs that take less than they are given.
import { Writable } from 'node:stream';
import { expect } from 'chai';
import { printSynchronously } from '../../lib/collector/printed-text.js';

describe('printSynchronously', () => {
  /** What reaches an output that takes five bytes at a time, and refuses before each of them; nothing goes the usual way. */
  function printed(text: string, refusal?: string): string {
    let [output, isFull] = ['', true];
    const write = (file: number, bytes: Uint8Array): number => {
      expect(file).to.equal(7);
      isFull = !isFull;
      if (!isFull && refusal !== undefined) throw Object.assign(new Error(refusal), { code: refusal });
      const taken = bytes.subarray(0, 5);
      output += Buffer.from(taken).toString('latin1');
      return taken.length;
    };
    const usual: unknown[] = [];
    const stream = new Writable({
      write: chunk => void usual.push(chunk),
      writev: chunks => void usual.push(chunks),
    });
    printSynchronously([[stream, 7]], write);
    stream.cork();
    for (const part of [text, Buffer.from(text, 'latin1')]) stream.write(part, 'latin1');
    stream.uncork();
    expect(usual).to.deep.equal([]);
    return output;
  }

  it('should write everything to an output that takes a part at a time, also when it is full now and then', () => {
    const text = 'a text of more than five bytes, ä\n';
    expect(printed(text)).to.equal(text + text);
    expect(printed(text, 'EAGAIN')).to.equal(text + text);
  });

  it('should lose what nobody reads any more, and go on', () => {
    expect(printed('text', 'EPIPE')).to.equal('text');
  });
});
