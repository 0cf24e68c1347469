// A Chromium that does what a script says, by the DevTools protocol over two pipes: no package, no port, no socket.
// https://chromedevtools.github.io/devtools-protocol/
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longer than anything takes on a busy machine. */
const ANSWER_MILLIS_MAX = 60_000;
const FLAGS = [
  '--headless=new',
  '--remote-debugging-pipe',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
];

/** What a key is called, and the text that it types. */
const KEYS = {
  Tab: { code: 'Tab', windowsVirtualKeyCode: 9 },
  Enter: { code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' },
  ' ': { code: 'Space', windowsVirtualKeyCode: 32, text: ' ' },
  ArrowDown: { code: 'ArrowDown', windowsVirtualKeyCode: 40 },
};

export class Chromium {
  #child;
  #folder = mkdtempSync(join(tmpdir(), 'chromium-'));
  #nextId = 1;
  #waiting = new Map();
  #listeners = new Set();
  #rest = '';

  async start(program) {
    // Its sandbox needs a user who is not root.
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const flags = [...FLAGS, ...sandbox, `--user-data-dir=${this.#folder}`, 'about:blank'];
    this.#child = spawn(program, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.#child.on('error', error => this.#fail(error));
    this.#child.on('exit', () => this.#fail(new Error('the browser ended')));
    this.#child.stdio[3].on('error', error => this.#fail(error));
    this.#child.stdio[4].setEncoding('utf8').on('data', data => this.#read(data));
    const { product } = await this.send('Browser.getVersion');
    return product;
  }

  #fail(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #read(data) {
    const messages = (this.#rest + data).split('\0');
    this.#rest = messages.pop();
    for (const text of messages) {
      const message = JSON.parse(text);
      const waiting = this.#waiting.get(message.id);
      if (waiting === undefined) for (const listener of this.#listeners) listener(message);
      else if (message.error !== undefined) waiting.reject(new Error(message.error.message));
      else waiting.resolve(message.result);
      this.#waiting.delete(message.id);
    }
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method} has no answer`)), ANSWER_MILLIS_MAX);
      const settle = outcome => value => {
        clearTimeout(timer);
        outcome(value);
      };
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      this.#child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  listen(listener) {
    this.#listeners.add(listener);
  }

  /** @param view width, height; isDark; isPhone */
  async open(url, view) {
    const page = new Page(this);
    await page.start(view);
    await page.go(url);
    return page;
  }

  async close() {
    const ended = once(this.#child, 'exit');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), ANSWER_MILLIS_MAX);
    // It answers, or it has ended.
    await this.send('Browser.close').catch(() => undefined);
    await ended;
    clearTimeout(timer);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** One tab. What it asked for, and what went wrong in it, is noted. */
class Page {
  #browser;
  #session;
  #target;
  requests = [];
  problems = [];

  constructor(browser) {
    this.#browser = browser;
  }

  async start({ width, height, isDark = false, isPhone = false }) {
    const { targetId } = await this.#browser.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.#browser.send('Target.attachToTarget', { targetId, flatten: true });
    [this.#session, this.#target] = [sessionId, targetId];
    this.#browser.listen(message => message.sessionId === sessionId && this.#note(message));
    for (const domain of ['Page', 'Runtime', 'Network', 'Log', 'Accessibility'])
      await this.send(`${domain}.enable`);
    await this.send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: isPhone,
    });
    const features = [{ name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light' }];
    await this.send('Emulation.setEmulatedMedia', { features });
    await this.send('Emulation.setFocusEmulationEnabled', { enabled: true });
  }

  #note({ method, params }) {
    if (method === 'Network.requestWillBeSent') this.requests.push(params.request.url);
    else if (method === 'Runtime.exceptionThrown')
      this.problems.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    else if (method === 'Log.entryAdded' && params.entry.level === 'error')
      this.problems.push(`${params.entry.text} ${params.entry.url}`);
    else if (method === 'Runtime.consoleAPICalled') this.problems.push(`console.${params.type}`);
  }

  send(method, params) {
    return this.#browser.send(method, params, this.#session);
  }

  async go(url) {
    await this.send('Page.navigate', { url });
    await this.until(`document.readyState === 'complete'`);
  }

  /** The value of an expression, which may be a promise. Whatever the page forbids, this is not of the page. */
  async run(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? expression);
    return result.value;
  }

  async until(expression) {
    const end = performance.now() + ANSWER_MILLIS_MAX;
    while (!(await this.run(expression))) {
      if (performance.now() > end) throw new Error(`never true: ${expression}`);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }

  async press(key, modifiers = 0) {
    const event = { key, modifiers, ...KEYS[key] };
    await this.send('Input.dispatchKeyEvent', {
      type: event.text === undefined ? 'rawKeyDown' : 'keyDown',
      ...event,
    });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
  }

  type(text) {
    return this.send('Input.insertText', { text });
  }

  async picture(path) {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    writeFileSync(path, Buffer.from(data, 'base64'));
  }

  /** What a screen reader is told: the nodes that it sees, with role, name and properties. */
  async accessible() {
    const { nodes } = await this.send('Accessibility.getFullAXTree');
    return nodes
      .filter(({ ignored }) => !ignored)
      .map(({ role, name, properties = [] }) => ({
        role: role.value,
        name: name?.value ?? '',
        ...Object.fromEntries(properties.map(property => [property.name, property.value.value])),
      }));
  }

  close() {
    return this.#browser.send('Target.closeTarget', { targetId: this.#target });
  }
}
