// The script of the page over elements that only remember what they were told. They know the few ways of making elements that
// the page may use: whatever makes HTML of a text is not there, and an assignment to it throws.
import { createContext, runInContext } from 'node:vm';
import type { CardinalityReport } from '../../../lib/store/definition/cardinality-report.js';
import { readText } from '../../support/source-tree.js';

type Child = MemoryElement | string;

/** What an element of the page may be told: nothing that runs or loads something. */
const ATTRIBUTES =
  /^(type|class|id|role|scope|colspan|tabindex|data-key|aria-[a-z]+|min|max|low|high|optimum|value)$/;
const ELEMENTS = new Set(
  'tr th td table thead tbody section div h2 p ul li pre span bdi button meter'.split(' '),
);

export class MemoryElement {
  readonly name: string;
  readonly attributes = new Map<string, string>();
  readonly listeners = new Map<string, () => void>();
  readonly children: Child[] = [];
  readonly #page: PageInMemory | undefined;
  #parent: MemoryElement | undefined;
  value = '';
  checked = true;

  constructor(name: string, page?: PageInMemory) {
    this.name = name;
    this.#page = page;
    Object.preventExtensions(this);
  }

  setAttribute(name: string, value: unknown): void {
    if (!ATTRIBUTES.test(name)) throw new Error(`the page may not set ${name}`);
    this.attributes.set(name, String(value));
  }
  addEventListener(type: string, listener: () => void): void {
    this.listeners.set(type, listener);
  }
  append(...children: Child[]): void {
    for (const child of children) this.insertBefore(child, null);
  }
  replaceChildren(...children: Child[]): void {
    this.children.length = 0;
    this.append(...children);
  }
  insertBefore(child: Child, before: Child | null): void {
    if (child instanceof MemoryElement) {
      child.remove();
      child.#parent = this;
    }
    this.children.splice(before === null ? this.children.length : this.children.indexOf(before), 0, child);
  }
  /** Nothing that is taken out keeps the focus, as in a browser. */
  remove(): void {
    const page = this.#page;
    if (page?.active !== undefined && [this, ...this.all()].includes(page.active)) page.active = undefined;
    const at = this.#parent?.children.indexOf(this) ?? -1;
    if (at >= 0) this.#parent?.children.splice(at, 1);
    this.#parent = undefined;
  }
  contains(): boolean {
    return false;
  }
  focus(): void {
    if (this.#page !== undefined) this.#page.active = this;
  }
  querySelectorAll(): MemoryElement[] {
    return this.all().filter(element => element.attributes.has('data-key'));
  }
  all(): MemoryElement[] {
    return this.elements.flatMap(child => [child, ...child.all()]);
  }
  get elements(): MemoryElement[] {
    return this.children.filter(child => child instanceof MemoryElement);
  }
  get rows(): MemoryElement[] {
    return this.elements;
  }
  get tBodies(): MemoryElement[] {
    return this.elements;
  }
  get dataset(): { key: string | undefined } {
    return { key: this.attributes.get('data-key') };
  }
  get textContent(): string {
    return this.children.map(child => (typeof child === 'string' ? child : child.textContent)).join('');
  }
  set textContent(text: string) {
    this.replaceChildren(text);
  }
}

export class PageInMemory {
  readonly #elements: Record<string, MemoryElement> = {};
  readonly body = new MemoryElement('tbody', this);
  readonly isPhone: boolean;
  readonly #documentListeners = new Map<string, () => void>();
  active: MemoryElement | undefined;
  isHidden = false;
  /** What the endpoint answers: a report, or a status. */
  answer: CardinalityReport | number;
  asked = 0;
  copied = '';
  timers = 0;

  constructor(answer: CardinalityReport | number, { isPhone = false } = {}) {
    this.answer = answer;
    this.isPhone = isPhone;
    for (const id of ['filter', 'sort', 'live', 'summary', 'trouble', 'shown', 'metrics', 'controls'])
      this.#elements[id] = new MemoryElement(id, this);
    this.at('metrics').append(this.body);
    this.at('sort').value = 'fill';
    runInContext(`'use strict';\n${readText('lib/exposition/page/page.js')}`, createContext(this.#globals()));
  }

  #globals(): object {
    return {
      document: {
        getElementById: (id: string) => this.at(id),
        createElement: (name: string) => {
          if (!ELEMENTS.has(name)) throw new Error(`the page may not make a ${name}`);
          return new MemoryElement(name, this);
        },
        addEventListener: (type: string, listener: () => void) => this.#documentListeners.set(type, listener),
        page: this,
        get activeElement() {
          return this.page.active;
        },
        get hidden() {
          return this.page.isHidden;
        },
      },
      fetch: () => Promise.resolve(this.#respond()),
      matchMedia: () => ({ matches: this.isPhone, addEventListener: () => undefined }),
      getSelection: () => ({ isCollapsed: true }),
      navigator: { clipboard: { writeText: (text: string) => void (this.copied = text) } },
      AbortSignal: { timeout: () => undefined },
      setTimeout: () => ++this.timers,
      clearTimeout: () => undefined,
    };
  }

  #respond(): object {
    this.asked++;
    const { answer } = this;
    if (typeof answer === 'number') return { ok: false, status: answer };
    return { ok: true, json: () => JSON.parse(JSON.stringify(answer)) as unknown };
  }

  at(id: string): MemoryElement {
    const element = this.#elements[id];
    if (element === undefined) throw new Error(`there is no ${id}`);
    return element;
  }

  /** Until what the page does by itself is done. */
  async settle(): Promise<this> {
    await new Promise(resolve => setImmediate(resolve));
    return this;
  }

  /** What a user does to an element. */
  async does(type: string, element: MemoryElement): Promise<void> {
    element.focus();
    element.listeners.get(type)?.();
    await this.settle();
  }

  async choose(id: string, value: string): Promise<void> {
    this.at(id).value = value;
    await this.does('input', this.at(id));
  }

  /** As when the tab comes to the front. */
  async comesBack(): Promise<void> {
    this.#documentListeners.get('visibilitychange')?.();
    await this.settle();
  }

  button(text: string): MemoryElement {
    const found = this.body.all().find(({ name, textContent }) => name === 'button' && textContent === text);
    if (found === undefined) throw new Error(`there is no button ${text} in ${this.body.textContent}`);
    return found;
  }
}
