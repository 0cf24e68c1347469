import { expect } from 'chai';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { onceClosed } from '../../../lib/exposition/http/once-closed.js';

describe('onceClosed', () => {
  it('should call all who wait for a connection to close, but for those who took it back, with one listener', async () => {
    const socket = new Socket();
    const called: number[] = [];
    const taken = Array.from({ length: 20 }, (_, index) => onceClosed(socket, () => called.push(index)));
    expect(socket.listenerCount('close')).to.equal(1);
    for (const takeBack of taken.slice(2)) takeBack();
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
    expect(called).to.deep.equal([0, 1]);
  });

  it('should do without a connection, and with one that says nothing', () => {
    for (const socket of [undefined, null, {}, { on: () => undefined }])
      onceClosed(socket as never, () => expect.fail('called'))();
  });

  it('should call at once when it is closed already', async () => {
    const socket = new Socket();
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
    let called = 0;
    onceClosed(socket, () => called++);
    expect(called).to.equal(1);
  });
});
