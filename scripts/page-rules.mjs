// What must hold of the page as a browser has it, whatever it shows: the rules that axe-core and WCAG 2.2 AA have for pages of
// this kind, by hand. Each returns what breaks it, as texts.

/** These run in the page, so they must not need anything of this file but each other. */
const IN_PAGE = [visibleElements, told, weakContrasts, missingParts];

function visibleElements() {
  return [...document.querySelectorAll('body *')].filter(
    element => element.checkVisibility() && !['SCRIPT', 'NOSCRIPT', 'OPTION'].includes(element.tagName),
  );
}

function told(element) {
  return `${element.tagName.toLowerCase()} "${element.textContent.trim().slice(0, 40)}"`;
}

function weakContrasts() {
  const rgb = color => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = color =>
    rgb(color)
      .slice(0, 3)
      .map(part => part / 255)
      .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const backgroundOf = element => {
    for (let at = element; at !== null; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (rgb(backgroundColor)[3] !== 0) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  const problems = [];
  const say = (isBroken, text) => isBroken && problems.push(text);

  for (const element of visibleElements()) {
    const hasText = [...element.childNodes].some(
      ({ nodeType, data }) => nodeType === 3 && data.trim() !== '',
    );
    const isField = ['INPUT', 'SELECT'].includes(element.tagName);
    if (!hasText && !isField) continue;
    const [ink, paper] = [getComputedStyle(element).color, backgroundOf(element)];
    say(contrast(ink, paper) < 4.5, `contrast ${contrast(ink, paper).toFixed(2)} of ${told(element)}`);
  }
  const variable = name => {
    const probe = document.createElement('p');
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
  for (const name of ['--good-bar', '--near-bar', '--full-bar', '--edge', '--link'])
    for (const paper of ['--paper', '--raised']) {
      const ratio = contrast(variable(name), variable(paper));
      say(ratio < 3, `contrast ${ratio.toFixed(2)} of ${name} on ${paper}`);
    }

  return problems;
}

function missingParts() {
  const problems = [];
  const say = (isBroken, text) => isBroken && problems.push(text);
  for (const element of visibleElements().filter(each => each.matches('button, input, select, .links a'))) {
    const { width, height } = element.getBoundingClientRect();
    const label = element.closest('label')?.getBoundingClientRect();
    const [wide, high] = [Math.max(width, label?.width ?? 0), Math.max(height, label?.height ?? 0)];
    say(wide < 24 || high < 24, `target of ${wide.toFixed()} by ${high.toFixed()}: ${told(element)}`);
  }

  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  say(new Set(ids).size < ids.length, `an id is there twice: ${ids}`);
  for (const element of document.querySelectorAll('[aria-controls]'))
    say(
      document.getElementById(element.getAttribute('aria-controls')) === null,
      `${told(element)} controls nothing`,
    );
  say(document.documentElement.lang !== 'en', 'the page has no language');
  say(document.title === '', 'the page has no title');
  say(document.querySelectorAll('h1').length !== 1, 'there is not one h1');
  say(document.querySelectorAll('main, header').length !== 2, 'there is no main or no header');
  for (const row of document.querySelectorAll('tr')) {
    const roles = [row, ...row.children].map(each => each.getAttribute('role'));
    say(roles.includes(null), `a row loses its meaning where it is no table: ${told(row)}`);
  }
  const width = document.documentElement.scrollWidth - innerWidth;
  say(width > 0, `${width} pixels to scroll sideways`);
  return problems;
}

/** What a screen reader must have a name for. */
const NAMED = new Set(
  'button link textbox searchbox combobox checkbox meter table region search columnheader rowheader heading list'.split(
    ' ',
  ),
);

/** What is wrong with what is shown now. */
export async function brokenRules(page) {
  const problems = await page.run(`${IN_PAGE.join('\n')}; [...weakContrasts(), ...missingParts()]`);
  const nodes = await page.accessible();
  for (const { role, name } of nodes)
    if (NAMED.has(role) && name.trim() === '') problems.push(`a ${role} without a name`);
  for (const role of ['searchbox', 'combobox', 'checkbox', 'table', 'meter', 'columnheader', 'rowheader'])
    if (!nodes.some(node => node.role === role)) problems.push(`no screen reader finds a ${role}`);
  return problems;
}

/** What of a hostile text came to life: code, elements, requests, errors of the policy against code. */
export async function signsOfLife(page, origin) {
  const inside = await page.run(`({
    broken: window.broken,
    scripts: document.scripts.length,
    elements: [...document.querySelectorAll('img, iframe, object, embed, svg, b, i, style, main script, main a, [onerror], [onclick], [style]')].map(({ outerHTML }) => outerHTML.slice(0, 100)),
    polluted: Object.keys(Object.prototype).length,
  })`);
  const signs = [];
  if (inside.broken !== undefined) signs.push('a text was run');
  if (inside.scripts !== 1) signs.push(`${inside.scripts} scripts`);
  if (inside.elements.length > 0) signs.push(`elements: ${inside.elements}`);
  if (inside.polluted > 0) signs.push('a text is a prototype');
  const foreign = page.requests.filter(url => !url.startsWith(origin) && url !== 'data:,');
  if (foreign.length > 0) signs.push(`requests to ${foreign}`);
  return [...signs, ...page.problems];
}

/** The element with the focus: what it is, and whether it is seen that it has it. */
export function focused(page) {
  return page.run(`(() => {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return {
      name: element.tagName.toLowerCase(),
      id: element.id,
      key: element.dataset.key,
      text: element.textContent.trim().slice(0, 60),
      isSeen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    };
  })()`);
}
