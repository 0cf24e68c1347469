// An endpoint whose page shows a report that is made up: what a store seldom says, and what would be long in coming.
import { startScrapeServer } from '../dist/exposition/http/scrape-server.js';
import { pagePaths } from '../dist/exposition/page/page-paths.js';

const LIMITS = { scrapesMax: 8, answerTimeoutMillis: 60_000, gzipLevel: 1 };

export class ReportedEndpoint {
  #server;
  asked = 0;

  constructor(shown) {
    this.shown = shown;
  }

  async start(port = 0) {
    const make = () => {
      this.asked++;
      return Promise.resolve({ ...this.shown, at: Date.now() });
    };
    this.#server = await startScrapeServer({
      host: '127.0.0.1',
      port,
      path: '/metrics',
      ...LIMITS,
      scrape: () => Promise.resolve({ failure: 'nothing is recorded' }),
      otherPaths: pagePaths(make, '/metrics', LIMITS),
    });
    this.origin = new URL(this.#server.url).origin;
    return this;
  }

  async stop() {
    await this.#server.close();
  }

  /** On the same port. */
  async startAgain() {
    await this.start(Number(new URL(this.origin).port));
  }
}
