// Connections that ask for nothing: silent ones, those in the middle of a request, those that were answered and stay. Only so
// many are kept, so that those who come to ask find a place: the one that has asked for nothing for longest gives way.
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export class IdleConnections {
  readonly #max: number;
  /** The longest idle first. */
  readonly #idle = new Set<Socket>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Of a new connection. */
  readonly connected = (socket: Socket): void => {
    socket.once('close', () => this.#idle.delete(socket));
    this.#add(socket);
  };

  /** Of a request that has arrived, until its response has ended. */
  asked(socket: Socket, response: ServerResponse): void {
    this.#idle.delete(socket);
    response.once('close', () => {
      if (!socket.destroyed) this.#add(socket);
    });
  }

  #add(socket: Socket): void {
    this.#idle.add(socket);
    if (this.#idle.size <= this.#max) return;
    const [longest] = this.#idle;
    if (longest === undefined) return;
    this.#idle.delete(longest);
    longest.destroy();
  }
}
