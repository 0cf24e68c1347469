// Tells on stderr how far a replay is: over and over in one line of a terminal, or in a few lines of a log.

const TERMINAL_INTERVAL_MILLIS = 100;
/** Into a file or a pipe: a line at each of these shares of the whole. */
const LOG_STEP = 0.2;

export class Progress {
  #shownMillis = -Infinity;
  #nextShare = LOG_STEP;

  show(done, total, rest) {
    const text = `replayed ${done} of ${total} events, ${rest}`;
    if (process.stderr.isTTY) {
      if (performance.now() - this.#shownMillis < TERMINAL_INTERVAL_MILLIS) return;
      this.#shownMillis = performance.now();
      process.stderr.write(`\r\x1b[2K${text}`);
    } else if (done / total >= this.#nextShare) {
      while (done / total >= this.#nextShare) this.#nextShare += LOG_STEP;
      process.stderr.write(`${text}\n`);
    }
  }

  end() {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
  }
}
