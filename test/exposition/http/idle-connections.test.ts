import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { IdleConnections } from '../../../lib/exposition/http/idle-connections.js';

class FakeSocket extends EventEmitter {
  destroyed = false;

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

describe('IdleConnections', () => {
  const connect = (idle: IdleConnections): FakeSocket => {
    const socket = new FakeSocket();
    idle.connected(socket as unknown as Socket);
    return socket;
  };
  const ask = (idle: IdleConnections, socket: FakeSocket): EventEmitter => {
    const response = new EventEmitter();
    idle.asked(socket as unknown as Socket, response as ServerResponse);
    return response;
  };
  const alive = (sockets: FakeSocket[]): number[] =>
    sockets.flatMap((socket, index) => (socket.destroyed ? [] : [index]));

  it('should let the one that has asked for nothing for longest give way', () => {
    const idle = new IdleConnections(2);
    const sockets = [1, 2, 3, 4].map(() => connect(idle));
    expect(alive(sockets)).to.deep.equal([2, 3]);
  });

  it('should not touch who is being answered, and count him again afterwards as the newest', () => {
    const idle = new IdleConnections(2);
    const sockets = [connect(idle), connect(idle)];
    const response = ask(idle, sockets[0] ?? new FakeSocket());
    sockets.push(connect(idle), connect(idle));
    expect(alive(sockets)).to.deep.equal([0, 2, 3]);
    response.emit('close');
    expect(alive(sockets)).to.deep.equal([0, 3]);
  });

  it('should forget who has closed', () => {
    const idle = new IdleConnections(2);
    const sockets = [1, 2].map(() => connect(idle));
    const response = ask(idle, sockets[1] ?? new FakeSocket());
    sockets.forEach(socket => socket.destroy());
    response.emit('close');
    const later = [1, 2].map(() => connect(idle));
    expect(alive(later)).to.deep.equal([0, 1]);
  });
});
